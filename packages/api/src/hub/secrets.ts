import { z } from 'zod';
import { clusterRef, moment } from './vocabulary.ts';

export const secretItem = z.strictObject({
  cluster: clusterRef,
  namespace: z.string(),
  name: z.string(),
  type: z.string().nullable().describe('Null where it is not seen.'),
  keys: z.array(z.string()),
  exists: z.boolean().nullable().describe('Null where secrets are not seen, or were not at the moment.'),
  mountedBy: z
    .array(z.string())
    .describe('What uses it: workloads, by their template or a pod that runs, and others.'),
  mayBeUsedBy: z
    .array(z.string())
    .describe('Kinds that are not seen, or were not at the moment: objects of these may use it, too.'),
  readableBy: z.array(z.string()).describe('Who may read it through RBAC.'),
  certificate: z
    .strictObject({ subject: z.string(), names: z.array(z.string()), notAfter: moment })
    .nullable(),
  owner: z.string().nullable(),
});

export type SecretItem = z.output<typeof secretItem>;

const objectName = z.strictObject({
  kind: z.string(),
  group: z.string().describe('API group; empty for the core one.'),
  namespace: z.string().describe('Namespace; empty for cluster-scoped kinds.'),
  name: z.string(),
});
export type ObjectNamed = z.output<typeof objectName>;

export const secretDetail = secretItem.extend({
  users: z
    .array(objectName.extend({ isWorkload: z.boolean() }))
    .describe('The objects that use it, as in mountedBy.'),
  readers: z
    .array(
      z.strictObject({
        subject: z.strictObject({
          kind: z.enum(['User', 'Group', 'ServiceAccount']),
          namespace: z.string().describe('Empty but for service accounts.'),
          name: z.string(),
          exists: z
            .boolean()
            .nullable()
            .describe(
              'Whether the service account is there, or is only named by the binding; null where that is not known, and for users and groups, which are no objects.',
            ),
        }),
        verbs: z.array(z.string()),
        binding: objectName,
        role: objectName,
      }),
    )
    .describe('Who may read it, by which binding and role.'),
  isWhole: z
    .boolean()
    .describe('False where the caller sees some namespaces only, and so not what cluster-wide bindings let.'),
  notSeen: z
    .array(z.string())
    .describe(
      'Kinds of roles and bindings that are not seen, or were not at the moment: others may read it, too.',
    ),
});
export type SecretDetail = z.output<typeof secretDetail>;
