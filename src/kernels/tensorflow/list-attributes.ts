import { FormatError } from '../../core/errors.ts';

/** Where `AssignOpAttr` of tfjs-node 4.22.0 begins with an attribute that is text, and with one that is a type. */
const TEXT = '      // NOTE: String attribute values do not have to be utf8 encoded strings\n', TYPE = '      TF_DataType tf_data_type;\n';

const TEXT_LIST = `      if (IsArray(env, nstatus, &js_value)) {
        uint32_t length = 0;
        nstatus = napi_get_array_length(env, js_value, &length);
        ENSURE_NAPI_OK(env, nstatus);
        std::vector<std::string> texts(length);
        std::vector<const void *> starts(length);
        std::vector<size_t> sizes(length);
        for (uint32_t i = 0; i < length; ++i) {
          napi_value element;
          nstatus = napi_get_element(env, js_value, i, &element);
          ENSURE_NAPI_OK(env, nstatus);
          nstatus = GetStringParam(env, element, texts[i]);
          ENSURE_NAPI_OK(env, nstatus);
          starts[i] = texts[i].data();
          sizes[i] = texts[i].size();
        }
        TFE_OpSetAttrStringList(tfe_op, attr_name, starts.data(), sizes.data(), static_cast<int>(length));
        break;
      }
`;

const TYPE_LIST = `      if (IsArray(env, nstatus, &js_value)) {
        uint32_t length = 0;
        nstatus = napi_get_array_length(env, js_value, &length);
        ENSURE_NAPI_OK(env, nstatus);
        std::vector<TF_DataType> types(length);
        for (uint32_t i = 0; i < length; ++i) {
          napi_value element;
          nstatus = napi_get_element(env, js_value, i, &element);
          ENSURE_NAPI_OK(env, nstatus);
          nstatus = napi_get_value_int32(env, element, reinterpret_cast<int32_t *>(&types[i]));
          ENSURE_NAPI_OK(env, nstatus);
        }
        TFE_OpSetAttrTypeList(tfe_op, attr_name, types.data(), static_cast<int>(length));
        break;
      }
`;

/**
 * The addon's source, taught lists of texts and of types as attributes of an operation: as published it knows lists of numbers only, and fused
 * convolutions name what is fused in a list.
 *
 * @param source - `tfjs_backend.cc`.
 * @throws {@link FormatError} if it is not the text that this was written for.
 */
export function withListAttributes(source: string): string {
  return [[TEXT, TEXT_LIST], [TYPE, TYPE_LIST]].reduce((text, [place, list]) => {
    if (text.split(place!).length !== 2) throw new FormatError('tfjs_backend.cc', 'AssignOpAttr', `one line '${place!.trim()}'`, `${text.split(place!).length - 1}`, 'its switch');
    return text.replace(place!, `${list}${place}`);
  }, source);
}
