import type { ReactNode } from 'react';

/** A page with something beside it: the panel of what is open, where something is. */
export function WithPanel({ panel, children }: { readonly panel: ReactNode; readonly children: ReactNode }) {
  return (
    <div style={{ display: 'flex', minHeight: 0, flex: 1 }}>
      <div style={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>{children}</div>
      {panel}
    </div>
  );
}
