import { isObject, type Json, type JsonObject, objectAt, stringAt } from '@bulwark/core';

/** An object with the record of its writers that the API server keeps, which is often half of what it sends. */
export function withManagedFields(object: JsonObject): JsonObject {
  const { metadata, status, ...fields } = object;
  const time = stringAt(metadata, 'creationTimestamp') ?? '';
  const base = { apiVersion: object['apiVersion'], fieldsType: 'FieldsV1', operation: 'Update', time };
  const { labels, annotations } = isObject(metadata) ? metadata : {};
  const written = fieldsOf({ metadata: { labels, annotations }, spec: fields['spec'] });
  return {
    ...object,
    metadata: {
      ...objectAt(object, 'metadata'),
      managedFields: [
        { ...base, manager: 'kube-controller-manager', fieldsV1: written },
        ...(status === undefined
          ? []
          : [{ ...base, manager: 'kubelet', subresource: 'status', fieldsV1: fieldsOf({ status }) }]),
      ],
    },
  };
}

/** The set of fields of a value, as structured-merge-diff writes it: items of lists by their name. */
function fieldsOf(value: Json | undefined): JsonObject {
  if (Array.isArray(value))
    return Object.fromEntries(
      value
        .filter((item) => stringAt(item, 'name') !== undefined)
        .map((item) => [
          `k:${JSON.stringify({ name: stringAt(item, 'name') })}`,
          { '.': {}, ...fieldsOf(item) },
        ]),
    );
  if (!isObject(value)) return {};
  const present = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(present.map(([key, item]) => [`f:${key}`, fieldsOf(item)]));
}
