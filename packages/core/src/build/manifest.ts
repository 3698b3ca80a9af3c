import { type GroupKind, groupKindOf, groupOf } from '../group-kind.ts';
import { isObject, type JsonObject, stringAt } from '../json.ts';
import { contentHash, joinContent, securityContent } from '../security-content/security-content.ts';
import { workloadsOf } from '../workload.ts';

/** An object as somebody wrote it, secrets redacted. */
export interface Manifest {
  readonly kind: GroupKind;
  /** As written; empty where it is left to whoever applies it. */
  readonly namespace: string;
  readonly name: string;
  /** A manifest again, whose manifest is itself. */
  readonly content: JsonObject;
  /** References to the images of its containers, as written, each once. */
  readonly images: readonly string[];
  /** Of the content, 32 hexadecimal digits: another one says that something a person wrote has changed. */
  readonly fingerprint: string;
}

/**
 * What identifies an object as it was written, before any API server filled it in. Status, heartbeats and values that
 * look like secrets are no part of it.
 *
 * @returns undefined for an object without a name of its own, as with `generateName`: nothing deployed can be matched.
 */
export function manifestOf(object: JsonObject): Manifest | undefined {
  const name = stringAt(object, 'metadata', 'name') ?? '';
  const kind = stringAt(object, 'kind') ?? '';
  const apiVersion = stringAt(object, 'apiVersion') ?? '';
  if (name === '' || kind === '') return undefined;
  const { status: _status, metadata, ...fields } = joinContent(securityContent(object));
  const namespace = stringAt(metadata, 'namespace') ?? '';
  const notes = isObject(metadata) ? metadata : {};
  const content = {
    ...fields,
    metadata: {
      name,
      ...(namespace !== '' && { namespace }),
      ...(isObject(notes['labels']) && { labels: notes['labels'] }),
      ...(isObject(notes['annotations']) && { annotations: notes['annotations'] }),
    },
  };
  const groupKind = groupKindOf(groupOf(apiVersion), kind);
  const images = workloadsOf(content, groupKind).flatMap(({ containers }) =>
    containers.flatMap(({ spec }) => stringAt(spec, 'image') ?? []),
  );
  return {
    kind: groupKind,
    namespace,
    name,
    content,
    images: [...new Set(images)],
    fingerprint: contentHash(content),
  };
}

/** A reference to an image without tag and digest, otherwise as written. */
export function imageNameOf(reference: string): string {
  return reference.replace(/@.*$/s, '').replace(/:[^/:]*$/, '');
}
