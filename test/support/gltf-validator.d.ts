declare module 'gltf-validator' {
  /** 0 error, 1 warning, 2 information, 3 hint. */
  interface Message { readonly code: string; readonly message: string; readonly severity: 0 | 1 | 2 | 3; readonly pointer?: string }
  interface Report { readonly issues: { readonly numErrors: number; readonly numWarnings: number; readonly messages: readonly Message[] } }
  export function validateBytes(bytes: Uint8Array): Promise<Report>;
}
