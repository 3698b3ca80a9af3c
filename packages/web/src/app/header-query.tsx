import { useNavigate } from '@tanstack/react-router';
import { QueryBar } from '../parts/query-bar.tsx';
import { usePage } from './use-page.ts';
import { useView } from './use-view.ts';

/** The query of the page that is shown; on a page without a list it asks for findings, and leads to them. */
export function HeaderQuery() {
  const [view, setView] = useView();
  const navigate = useNavigate();
  const page = usePage();
  const list = page?.list?.(view);
  return (
    <QueryBar
      list={list ?? 'findings'}
      place={page?.path ?? ''}
      namespace={page?.isOfClusters === true ? undefined : view.namespace}
      value={list === undefined ? '' : (view.q ?? '')}
      onAsk={(q) => {
        if (list !== undefined) setView({ q, open: undefined });
        else if (q !== undefined) void navigate({ to: '/findings', search: { q } as never });
      }}
    />
  );
}
