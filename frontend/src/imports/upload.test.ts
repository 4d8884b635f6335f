import { expect, test } from "vitest";
import { type Receiver, upload } from "./upload";

/** Keeps what it is sent; breaks once, after `breaksAt` bytes. */
class Disk implements Receiver {
  kept = "";
  constructor(private breaksAt: number) {}
  received = () => Promise.resolve(this.kept.length);
  put = async (part: Blob, offset: number) => {
    expect(offset).toBe(this.kept.length);
    if (this.kept.length >= this.breaksAt) {
      this.breaksAt = Infinity;
      throw new Error("The network is gone.");
    }
    this.kept += await part.text();
    return this.kept.length;
  };
}

test("an upload that broke goes on where the server stopped", async () => {
  const file = new Blob(["abcdefghij"]);
  const disk = new Disk(6);
  const seen: number[] = [];
  const tell = (received: number) => seen.push(received);
  await expect(upload(file, disk, tell, 3)).rejects.toThrow("The network is gone.");
  expect(disk.kept).toBe("abcdef");
  await upload(file, disk, tell, 3);
  expect(disk.kept).toBe("abcdefghij");
  expect(seen).toEqual([0, 3, 6, 6, 9, 10]);
});
