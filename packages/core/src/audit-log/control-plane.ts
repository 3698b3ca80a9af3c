import type { AuditActor } from './write.ts';

/** Whether who made a request is a part of Kubernetes that carries out what others have asked for, and nobody in its name. */
export function isControlPlane({
  user,
  impersonatedBy,
}: Pick<AuditActor, 'user' | 'impersonatedBy'>): boolean {
  return (
    impersonatedBy === null && /^system:(?:apiserver$|kube-|node:|serviceaccount:kube-system:)/.test(user)
  );
}
