/** Whether a user is a part of Kubernetes that carries out what others have asked for. */
export function isControlPlane(user: string): boolean {
  return /^system:(?:apiserver$|kube-|node:|serviceaccount:kube-system:)/.test(user);
}
