import { ENDPOINT_SLICE } from '../endpoints.ts';
import { groupKindOf, groupOf } from '../group-kind.ts';
import { canonicalJson, isObject, type JsonObject, stringAt } from '../json.ts';
import { truncatedSha256 } from '../sha256.ts';
import { storable } from '../storable-text.ts';
import { keptFields } from './kept-fields.ts';
import { keptSlice } from './kept-slice.ts';
import { keptStatus } from './kept-status.ts';
import { splitOwnFields } from './own-fields.ts';
import { mergeJson } from './parts.ts';
import { podOf, sharedPod } from './pod-content.ts';
import { redactContent } from './redact-content.ts';
import { splitMetadata } from './split-metadata.ts';
import { type CertificateFacts, withoutStoredValues } from './stored-values.ts';

/** What is kept of an object: the two halves have no field in common, and are merged by `joinContent`. */
export interface SecurityContent {
  /** What siblings share: the pods of one template have equal bodies. Without name, namespace and the like. */
  readonly body: JsonObject;
  /**
   * What is each object's own, at the places where the object has it: `metadata.name`, `metadata.uid`, `spec.nodeName`,
   * `status.podIPs`.
   */
  readonly instance: JsonObject;
}

/** What the projection cannot know by itself. */
export interface ContentOptions {
  /** Reads the first certificate of PEM text; undefined where there is none. */
  readonly certificateFacts?: (pem: string) => CertificateFacts | undefined;
}

/**
 * The only projection of an object to what is stored. Heartbeats, managed fields, most of the status, values of Secrets
 * and ConfigMaps and every text that holds a secret are left out, so that objects which differ in nothing that matters to
 * security have equal content. Pure; accepts any object; the projection of `joinContent(content)` is `content` again.
 */
export function securityContent(object: JsonObject, options: ContentOptions = {}): SecurityContent {
  const kind = groupKindOf(groupOf(stringAt(object, 'apiVersion') ?? ''), stringAt(object, 'kind') ?? '');
  const { metadata, status, ...fields } = withoutStoredValues(
    kind === ENDPOINT_SLICE ? keptSlice(object) : object,
    kind,
    options.certificateFacts,
  );
  const kept = redactContent({ ...keptFields(fields, kind), ...keptStatus(status, kind) });
  const meta = splitMetadata(redactContent(isObject(metadata) ? metadata : {}));
  const parts = {
    body: { ...kept, ...(meta.body !== undefined && { metadata: meta.body }) },
    instance: meta.instance === undefined ? {} : { metadata: meta.instance },
  };
  return splitOwnFields(kind === 'Pod' ? sharedPod(parts) : parts, kind);
}

/** The object that analyses see: the content's halves merged. */
export function joinContent({ body, instance }: SecurityContent): JsonObject {
  const object = mergeJson(body, instance);
  return object['kind'] === 'Pod' && object['apiVersion'] === 'v1' ? podOf(object) : object;
}

/** An escape of what no database keeps, as canonical JSON has it, or a backslash before what looks like one. */
const UNSTORABLE = /\\u(?:0000|d)/;

/**
 * Names a body, or an instance, by its content as a database keeps it: 32 hexadecimal digits. Nobody can make two contents of one
 * name, so that none passes for another one.
 */
export function contentHash(part: JsonObject): string {
  const text = canonicalJson(part);
  return truncatedSha256(UNSTORABLE.test(text) ? canonicalJson(storable(part)) : text);
}
