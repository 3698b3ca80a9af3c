import { z } from 'zod';

/** The fields of an owner that is counted for. Owners are told apart by how they are written, but for the case of letters A to Z. */
export const ownerFields = {
  owner: z
    .string()
    .nullable()
    .describe(
      'One of the ways in which it is written, by which a query finds all that is its; null is nobody.',
    ),
  spellings: z.array(z.string()).describe('Each way in which it is written; they differ in case.'),
};
