import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { minuteOf } from '../parts/moment.tsx';
import { titleOf } from './title.ts';
import { usePage } from './use-page.ts';
import { useView } from './use-view.ts';

/** Says in the title of the tab what is shown, until nobody is signed in. */
export function useTitle(): void {
  const [{ q, asOf }] = useView();
  const { namespace, name }: { namespace?: string; name?: string } = useParams({ strict: false });
  const moment = asOf === undefined ? undefined : minuteOf(asOf);
  const title = titleOf({ page: usePage()?.title, namespace, name, query: q, moment });
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = titleOf({});
    };
  }, [title]);
}
