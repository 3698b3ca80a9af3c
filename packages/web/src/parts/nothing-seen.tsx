import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useView } from '../app/use-view.ts';
import { useHub } from '../data/use-hub.ts';
import { Notice } from './notice.tsx';
import { Message } from './states.tsx';
import { type Unseen, unseenOf } from './unseen.ts';

const WORDS: Readonly<Record<Unseen, { readonly title: string; readonly text: string }>> = {
  gone: {
    title: 'The chosen cluster is not there any more.',
    text: 'It was removed, or you may not see it: choose another one in the header.',
  },
  'no cluster': {
    title: 'No cluster is connected.',
    text: 'So there is nothing to see or to judge.',
  },
  'nothing yet': { title: 'Nothing was seen yet.', text: 'The first look at the cluster is under way.' },
  nothing: { title: 'Nothing was seen.', text: 'So an empty list says nothing of what is there.' },
};

/** In one line, why nothing is found. */
export function whyNothing(unseen: Unseen): string {
  const { title, text } = WORDS[unseen];
  return `${title} ${text}`;
}

/** What was not seen of the clusters that are looked at; `asked` until that is known. */
export function useUnseen(): Unseen | 'asked' | undefined {
  const { data } = useHub('listClusters', {});
  const [{ cluster }] = useView();
  if (data === undefined) return 'asked';
  return unseenOf(data.items, cluster);
}

/** Said instead of a list or a figure, which would look like praise. */
export function NothingSeen({
  unseen,
  isPage = false,
}: {
  readonly unseen: Unseen | 'asked';
  /** Whether it is all that is on the page. */
  readonly isPage?: boolean;
}) {
  const clusters = useHub('listClusters', {});
  if (unseen === 'asked') return <Notice of={clusters} what="what was seen" isPage={isPage} />;
  const { title, text } = WORDS[unseen];
  return (
    <Message title={title} isPage={isPage}>
      {text}
      {unseen !== 'gone' && (
        <>
          {' '}
          <Link to="/coverage">Coverage</Link> says why, and what helps.
        </>
      )}
    </Message>
  );
}

/** An empty list: its own words where enough was seen for it to mean something. */
export function Emptiness({ children }: { readonly children: ReactNode }) {
  const unseen = useUnseen();
  return unseen === undefined ? children : <NothingSeen unseen={unseen} />;
}
