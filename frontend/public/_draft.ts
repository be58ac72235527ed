// A draft of a report, kept on this device only: deleted after sending and after 24 hours.
const NAME = "onegrid-draft";
const LASTS = 24 * 3600 * 1000;

export type Fields = Record<string, string>;
interface Kept { id: string; at: number; fields: Fields }

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("draft", { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function store<T>(mode: IDBTransactionMode, act: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const asked = act(database.transaction("draft", mode).objectStore("draft"));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

export async function keep(fields: Fields): Promise<void> {
  await store("readwrite", (s) => s.put({ id: "report", at: Date.now(), fields } satisfies Kept));
}

export async function kept(): Promise<Fields | null> {
  const found = (await store("readonly", (s) => s.get("report"))) as Kept | undefined;
  if (!found) return null;
  if (Date.now() - found.at > LASTS) { await forget(); return null; }
  return found.fields;
}

export async function forget(): Promise<void> {
  await store("readwrite", (s) => s.delete("report"));
}
