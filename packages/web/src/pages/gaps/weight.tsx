/** Whether something was lost, or is only worth knowing. */
export function Weight({ kind }: { readonly kind: 'lost' | 'note' }) {
  if (kind === 'note') return <span className="quiet">note</span>;
  return <span style={{ color: 'var(--high)', fontWeight: 600 }}>lost</span>;
}
