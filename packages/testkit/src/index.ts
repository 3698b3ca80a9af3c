export { Cable } from './cable.ts';
export * from './cases.ts';
export { TestAuthority, type TestCertificate, type TestSubject } from './certificates/test-authority.ts';
export { CONTROL_PLANE, ControlPlane, type ControlPlaneUser } from './control-plane.ts';
export { type CustomKindOptions, customKind } from './custom-kind.ts';
export type { Fault, FaultRule, RequestFacts } from './fake-api-server/faults.ts';
export { BUILT_IN_TYPES, type ResourceType } from './fake-api-server/resource-type.ts';
export {
  FakeApiServer,
  type FakeApiServerOptions,
  fakeApiServer,
  type SeenRequest,
} from './fake-api-server/server.ts';
export { type Choose, LayoutPrinter } from './layout-printer.ts';
export { podsMadeAlike, versionsMadeAlike } from './made-alike.ts';
export { namesMadeAlike } from './names-made-alike.ts';
export * from './report-format.ts';
export {
  RotatingProvider,
  type RotatingProviderOptions,
  type TokenRequest,
  tokenUntil,
} from './rotating-provider.ts';
export * from './sample-report.ts';
export * from './shared.ts';
export * from './tree.ts';
