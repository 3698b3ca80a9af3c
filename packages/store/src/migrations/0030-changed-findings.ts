/**
 * Findings that became another since they were first seen are found by themselves: there are few, and what came within a span is
 * otherwise told by when it was first seen. The planner is told how few they are.
 */
export const CHANGED_FINDINGS = `
create index finding_changed on finding (cluster_id, valid_from) where (valid_from > first_seen) is true;
create statistics finding_changed on ((valid_from > first_seen)) from finding;
`;
