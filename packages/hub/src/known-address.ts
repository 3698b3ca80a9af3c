import { type Store, setSetting, settingOf } from '@bulwark/store';

const SETTING = 'hub.address';

/** Leaves where browsers find a hub, for programs beside it; of several hubs on a database the last that started. */
export function leaveAddress(store: Store, url: string): Promise<void> {
  return setSetting(store, SETTING, url);
}

/** Where browsers find the hub that was started last; undefined where none has left it. */
export function knownAddress(store: Store): Promise<string | undefined> {
  return settingOf<string>(store, SETTING);
}
