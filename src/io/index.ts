// Bytes to records and back, anywhere: files are read and written by retinamesh/io/node.
export { linearToSrgb, srgbToLinear } from '../core/srgb.ts';
export { type GlbCamera, type GlbContent, type GlbMesh, READ_GLB_DEFAULTS, readGlb, type ReadGlbOptions, writeGlb, writeGlbScene } from './glb.ts';
export { hierarchyFromTensors, hierarchyToTensors } from './hierarchy-tensors.ts';
export { assertPixelImage, imageFromFloats, type PixelImage, tileImages } from './image.ts';
export { type CompressionFormat, inflate, INFLATE_DEFAULTS, type InflateOptions } from './inflate.ts';
export { type MatCells, type MatNumbers, type MatText, type MatValue, READ_MAT_DEFAULTS, readMat, type ReadMatOptions } from './mat.ts';
export { MESH_LIMITS, type MeshLimits } from './mesh-limits.ts';
export { readObj, writeObj } from './obj.ts';
export { PLY_ENCODINGS, type PlyEncoding } from './ply-header.ts';
export { readPly, WRITE_PLY_DEFAULTS, writePly, type WritePlyOptions } from './ply.ts';
export { resizeImage } from './resize-image.ts';
export { type PthContent, readPth } from './pth.ts';
export { readWeights, type WeightsContent } from './read-weights.ts';
export { readSafetensors, type SafeTensor, type SafeTensorData, type SafeTensorDtype, type SafeTensors, writeSafetensors } from './safetensors.ts';
export { readTar, type TarEntry } from './tar.ts';
export { readXmlTags, type XmlTag } from './xml-tags.ts';
