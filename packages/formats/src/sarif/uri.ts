/** The folder in which the scan was started; GitHub takes it for the root of the repository. */
export const SOURCE_ROOT = '%SRCROOT%';

/** Where a file is, as SARIF says it. */
export interface ArtifactLocation {
  readonly uri: string;
  readonly uriBaseId?: string;
}

/**
 * A file as a reference to a URI (RFC 3986): each part percent-encoded, relative to the folder in which the scan was
 * started. A file that the user named by an absolute path stays absolute.
 */
export function artifactLocation(file: string): ArtifactLocation {
  const path = encodePath(file.replace(/^(\.\/+)+/, ''));
  return file.startsWith('/') ? { uri: `file://${path}` } : { uri: path, uriBaseId: SOURCE_ROOT };
}

/** Colons are encoded too, so that the first part is never taken for a scheme. */
function encodePath(path: string): string {
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/');
}
