import { createTheme, type MantineColorsTuple } from '@mantine/core';
import { Pressable } from '../parts/pressable.tsx';

const teal: MantineColorsTuple = [
  '#e9f6f2',
  '#d3ebe4',
  '#a6d7c9',
  '#76c1ac',
  '#50af94',
  '#38a384',
  '#2a8f73',
  '#1f7a62',
  '#176652',
  '#0c5241',
];

/** The list itself scrolls, not something in it that nobody reaches by keyboard. */
const SCROLLED = {
  withScrollArea: false,
  styles: { options: { maxHeight: 220, overflowY: 'auto' } },
} as const;

/** One accent, neutral greys, a 4 px grid, 14 px text: see the page design. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 8 },
  colors: { teal },
  autoContrast: true,
  luminanceThreshold: 0.32,
  defaultRadius: 4,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  headings: { sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '16px' }, h3: { fontSize: '14px' } } },
  components: {
    // Lists and menus open where they belong: in their landmark or dialog, not at the end of the page, where readers of the
    // screen do not find them. What scrolls or cuts around them does not hold what is fixed.
    Combobox: { defaultProps: { withinPortal: false, floatingStrategy: 'fixed' } },
    Select: { defaultProps: SCROLLED },
    MultiSelect: { defaultProps: SCROLLED },
    TagsInput: { defaultProps: SCROLLED },
    Menu: {
      // A placeholder that takes the focus is no child that a menu may have.
      defaultProps: { withinPortal: false, floatingStrategy: 'fixed', withInitialFocusPlaceholder: false },
    },
    Anchor: { defaultProps: { underline: 'hover' } },
    Button: { defaultProps: { component: Pressable } },
    // Within their landmark as well, but not within the button or the sentence that they say more of.
    Tooltip: {
      defaultProps: {
        openDelay: 300,
        withArrow: true,
        portalProps: { target: 'main' },
        floatingStrategy: 'fixed',
      },
    },
  },
});
