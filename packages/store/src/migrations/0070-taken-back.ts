/** An approval is taken back once it is known that whoever gave it had asked for it. */
export const TAKEN_BACK = `
alter table exception
  -- The person behind who approved it, who made the token; null where that was before this step.
  add column approved_person text,
  -- Who had approved it until then; null where nobody was.
  add column taken_back_from text;
`;
