// Files on a disk: meshes, photographs, anything, whole or not at all.
export { decodeImage, ENCODE_JPEG_DEFAULTS, encodeJpeg, type EncodeJpegOptions, encodePng, READ_IMAGE_DEFAULTS, readImageFile, type ReadImageOptions, writePng } from './node-image.ts';
export { READ_MESH_FILE_DEFAULTS, readMeshFile, type ReadMeshFileOptions, writeMeshFile } from './node-mesh.ts';
export { READ_FILE_DEFAULTS, readFileBytes, type ReadFileOptions, writeFileAtomic } from './node.ts';
