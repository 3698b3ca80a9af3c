import { createRootRoute, createRoute, createRouter, retainSearchParams } from '@tanstack/react-router';
import { readView } from '../data/view.ts';
import { Failure, Loading, Message } from '../parts/states.tsx';
import { LoadedPage } from './loaded-page.tsx';
import { PAGES } from './pages.ts';
import { Shell } from './shell.tsx';

const root = createRootRoute({
  component: Shell,
  validateSearch: readView,
  // Which cluster and namespace one looks at, and as of when, stays from page to page until it is changed.
  search: { middlewares: [retainSearchParams(['cluster', 'namespace', 'asOf'])] },
  notFoundComponent: () => <Message title="There is no such page." isPage />,
});

export const router = createRouter({
  routeTree: root.addChildren(
    PAGES.map((page) =>
      createRoute({
        getParentRoute: () => root,
        path: page.path,
        component: () => <LoadedPage page={page} />,
      }),
    ),
  ),
  defaultPreload: 'intent',
  defaultPendingComponent: () => <Loading what="the page" />,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} isPage />,
});
