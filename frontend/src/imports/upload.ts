/** Sends one file in parts. The server says what it has, so that a broken upload goes on there. */
import { get, putBytes } from "../api/client";
import type { Import } from "../api/types";

/** Half of what the server takes at once. */
const PART_BYTES = 4 * 2 ** 20;

/** What an upload needs of the server. */
export interface Receiver {
  received: () => Promise<number>;
  put: (part: Blob, offset: number) => Promise<number>;
}

export const receiverOf = (id: string): Receiver => ({
  received: async () => (await get<Import>(`imports/${id}`)).received,
  put: async (part, offset) =>
    (await putBytes<{ received: number }>(`imports/${id}/content`, part, offset)).received,
});

/** Sends what the server has not yet, and tells after each part how much it has. */
export async function upload(
  file: Blob,
  receiver: Receiver,
  onReceived: (received: number) => void,
  partBytes = PART_BYTES,
): Promise<void> {
  let received = await receiver.received();
  onReceived(received);
  while (received < file.size) {
    received = await receiver.put(file.slice(received, received + partBytes), received);
    onReceived(received);
  }
}
