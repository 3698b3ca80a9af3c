export { issueLink, issueToken, type TokenRequest } from './access/issue.ts';
export type { FollowedFile } from './audit-log/follow.ts';
export type { ConfiguredDecisions } from './cluster/decision-settings.ts';
export { accessOf, type ClusterPlace } from './cluster/way.ts';
export { whyAway } from './cluster/why-away.ts';
export { serveCluster } from './cluster/worker.ts';
export { backupsIn } from './housekeeping.ts';
export { type CertificateFiles, readCertificate } from './http/certificate.ts';
export { type Hub, type HubOptions, startHub } from './hub.ts';
