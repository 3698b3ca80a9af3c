/** Where the pods of a workload are not as its template; nothing where they are. */
export function InPods({ inPods }: { readonly inPods: string | null }) {
  if (inPods === null) return null;
  return <span style={{ color: 'var(--medium)', fontWeight: 600 }}>{inPods}</span>;
}
