import { Link } from '@tanstack/react-router';
import { useSession } from '../../app/session.tsx';
import { mentionsIn } from '../../parts/mentioned.ts';
import { workloadAddress } from '../../parts/names.tsx';
import { objectPage } from '../../parts/object-page.ts';

/** Where something lies. */
interface Place {
  readonly cluster: { readonly id: number };
  readonly namespace: string;
}

/** Whether somebody sees what belongs to the whole cluster. */
export function useSeesWhole(): boolean {
  return useSession().limits.namespaces === 'all';
}

/** A sentence whose names lead to what they name, where who reads it may see that. */
export function Sentence({
  text,
  place: { cluster, namespace },
}: {
  readonly text: string;
  readonly place: Place;
}) {
  const seesWhole = useSeesWhole();
  return mentionsIn(text, namespace).map(({ text: part, object }, index) => {
    const key = `${index} ${part}`;
    if (object === undefined || (object.namespace === '' && !seesWhole)) return <span key={key}>{part}</span>;
    const apiVersion = object.group === '' ? 'v1' : `${object.group}/v1`;
    return (
      <Link
        key={key}
        to={objectPage(object.kind, false)}
        params={workloadAddress(cluster, { ...object, apiVersion })}
        className="in-text"
      >
        {part}
      </Link>
    );
  });
}

/** A node by its name, which leads to its panel. */
export function NodeName({
  name,
  cluster,
}: {
  readonly name: string;
  readonly cluster: { readonly id: number };
}) {
  if (!useSeesWhole()) return name;
  return (
    <Link to="/nodes" search={{ open: `${cluster.id}/${name}` } as never} className="in-text">
      {name}
    </Link>
  );
}
