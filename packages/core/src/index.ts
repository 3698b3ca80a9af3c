export * from './annotated-exceptions.ts';
export * from './api-lifecycle.ts';
export { APP_ERRORS, AppError, type AppErrorCode } from './app-error.ts';
export * from './audit-log/attribute.ts';
export { CONTROL_PLANE_USER, isControlPlane } from './audit-log/control-plane.ts';
export * from './audit-log/delivery.ts';
export { isWrittenBeside } from './audit-log/effect.ts';
export * from './audit-log/write.ts';
export { type BuildDifference, differencesSinceBuild } from './build/differences.ts';
export { imageNameOf, type Manifest, manifestOf } from './build/manifest.ts';
export * from './command-passwords.ts';
export * from './container.ts';
export * from './control.ts';
export { controlsNamed } from './control-names.ts';
export * from './coverage.ts';
export * from './csv.ts';
export * from './endpoints.ts';
export * from './engine.ts';
export { escapeCharacters, withoutTurns } from './escape-characters.ts';
export * from './exception.ts';
export { originOfAnnotation } from './exception-annotations.ts';
export * from './exception-comments.ts';
export * from './expand.ts';
export * from './field-changes.ts';
export * from './field-path.ts';
export * from './finding.ts';
export * from './fingerprint.ts';
export * from './fix.ts';
export * from './framework.ts';
export * from './group-kind.ts';
export * from './hash.ts';
export * from './image-ref.ts';
export * from './json.ts';
export * from './judge.ts';
export * from './kubernetes-version.ts';
export { mayStandBetween, standsBetween, withoutTemplate } from './live/between.ts';
export { type FindingsDelta, LiveFindings } from './live/findings.ts';
export { countWorkloads, isOwnWorkload } from './live/own-workloads.ts';
export { hasEnded, isStandIn, LiveSubjects, standInName } from './live/subjects.ts';
export * from './node-versions.ts';
export * from './once-per-object.ts';
export * from './origin.ts';
export {
  controllerOf,
  controllerReference,
  findController,
  isControlled,
  MADE_BY,
  ownersNamedBy,
  templateReference,
  topOwner,
} from './owners.ts';
export { type OwnersProblem, readOwnersFile } from './ownership/owners-file.ts';
export {
  CRITICALITIES,
  type Criticality,
  DEFAULT_OWNERSHIP,
  type Ownership,
  type OwnershipRule,
  type OwnershipSettings,
  ownershipOf,
  PRODUCTION_ENVIRONMENTS,
  TEST_ENVIRONMENTS,
} from './ownership/ownership.ts';
export * from './param.ts';
export * from './path.ts';
export * from './plan.ts';
export * from './quantity.ts';
export * from './query/completion.ts';
export * from './query/field.ts';
export * from './query/field-values.ts';
export * from './query/fields.ts';
export * from './query/fold-case.ts';
export * from './query/kind-names.ts';
export * from './query/lists.ts';
export * from './query/match.ts';
export { parseDuration, parsePeriod } from './query/moments.ts';
export * from './query/narrow.ts';
export * from './query/nearest.ts';
export * from './query/parse.ts';
export * from './query/print.ts';
export * from './query/query.ts';
export * from './query/standing-fields.ts';
export * from './rank.ts';
export * from './redaction.ts';
export { RegularExpression } from './regular-expression.ts';
export * from './report.ts';
export * from './resource.ts';
export * from './result.ts';
export * from './scope.ts';
export * from './secret.ts';
export { decodeBase64 } from './secret-encodings.ts';
export { credentialName } from './secret-names.ts';
export * from './secret-rules.ts';
export { isPlainValue, placeholderOf } from './secret-values.ts';
export { redactContent, redactLabels, redactSaid } from './security-content/redact-content.ts';
export {
  type ContentOptions,
  contentHash,
  joinContent,
  type SecurityContent,
  securityContent,
} from './security-content/security-content.ts';
export { type CertificateFacts, withoutStoredValues } from './security-content/stored-values.ts';
export { withoutHeartbeats } from './security-content/without-heartbeats.ts';
export * from './seen-text.ts';
export * from './selector.ts';
export { truncatedSha256 } from './sha256.ts';
export { shortName, withShortNames } from './short-names.ts';
export { storableText } from './storable-text.ts';
export * from './verdict.ts';
export { UndeclaredReadError } from './view.ts';
export * from './workload.ts';
export * from './world.ts';
