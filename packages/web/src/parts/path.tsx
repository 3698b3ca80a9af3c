import { Fragment } from 'react';

/** A path of fields that breaks after its dots rather than inside a name. */
export function Path({ path }: { readonly path: string }) {
  const parts = path.split('.');
  return parts.map((part, index) => (
    <Fragment key={parts.slice(0, index + 1).join('.')}>
      {part}
      {index < parts.length - 1 && '.'}
      <wbr />
    </Fragment>
  ));
}
