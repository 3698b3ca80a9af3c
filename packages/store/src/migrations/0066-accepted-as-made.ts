/** A finding that pods alone show says what accepted it as they were made: of those of before, what accepts it now did. */
export const ACCEPTED_AS_MADE = 'alter table finding add column as_made jsonb';
