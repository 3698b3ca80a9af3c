/** Findings name the objects in which their cause lies, so that what is wrong with these is told with them. */
export const CAUSES = `
alter table finding
  -- As group/Kind|namespace|name. Null where the cause lies in the object itself.
  add column causes text[];
`;
