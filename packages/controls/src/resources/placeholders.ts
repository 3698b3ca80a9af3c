/** Whether a text stands for a value that something else fills in later, such as `${PORT}` of Flux or OpenShift. */
export function isPlaceholder(value: unknown): boolean {
  return typeof value === 'string' && /\$[{(]/.test(value);
}
