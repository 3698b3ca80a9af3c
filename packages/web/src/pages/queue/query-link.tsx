import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { placeOf, useView } from '../../app/use-view.ts';

/** Leads to what a query finds; where none finds it, as it would be too long, the text alone. */
export function QueryLink({ q, children }: { readonly q: string | null; readonly children: ReactNode }) {
  const [view] = useView();
  if (q === null) return children;
  return (
    <Link to="/findings" search={{ ...placeOf(view), q } as never} className="in-text">
      {children}
    </Link>
  );
}
