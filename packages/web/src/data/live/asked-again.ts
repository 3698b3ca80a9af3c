import { createContext } from 'react';

/**
 * Whether what got no answer is asked again by itself: where the hub is cut off everything is, as soon as it is heard again. Else
 * nothing is, until somebody asks.
 */
export const AskedAgain = createContext(false);
