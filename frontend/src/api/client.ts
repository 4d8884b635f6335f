/** One door to the REST API: session cookie, CSRF header, and errors as values with words. */

const BASE = "/api/v1/";

let csrfToken = "";

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** An answer of the API that is not 2xx. `status` 0 means that no answer came (offline). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Record<string, string[]> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }

  get offline(): boolean {
    return this.status === 0;
  }

  get signedOut(): boolean {
    return this.status === 401;
  }
}

interface ErrorBody {
  error?: { code?: string; message?: string; fields?: Record<string, string[]> };
}

async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const { code, message, fields } = body.error ?? {};
  return new ApiError(
    response.status,
    code ?? `http_${response.status}`,
    message ?? `The server answered ${response.status}.`,
    fields ?? {},
  );
}

function bodyOf(data: unknown): BodyInit | null {
  if (data === undefined) return null;
  return data instanceof FormData || data instanceof Blob ? data : JSON.stringify(data);
}

type Headers = Record<string, string>;

async function request(
  method: string,
  path: string,
  data: unknown,
  more: Headers,
): Promise<Response> {
  const headers: Headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken;
  if (data !== undefined && !(data instanceof FormData)) {
    headers["Content-Type"] = "application/json";
  }
  Object.assign(headers, more);
  const address = path.startsWith("http") || path.startsWith("/") ? path : BASE + path;
  const body = bodyOf(data);
  try {
    return await fetch(address, { method, headers, body, credentials: "same-origin" });
  } catch {
    throw new ApiError(0, "offline", "The server cannot be reached.");
  }
}

async function call<T>(
  method: string,
  path: string,
  data?: unknown,
  headers: Headers = {},
): Promise<T> {
  const response = await request(method, path, data, headers);
  // A proxy without its server behind it is the same to a reader as no network.
  if ([502, 503, 504].includes(response.status)) {
    throw new ApiError(0, "unavailable", "The server cannot be reached.");
  }
  if (!response.ok) throw await errorOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Writes once more under a new token if the old one ran out, as after a sign-in elsewhere. */
async function write<T>(
  method: string,
  path: string,
  data?: unknown,
  headers: Headers = {},
): Promise<T> {
  try {
    return await call<T>(method, path, data, headers);
  } catch (error) {
    if (!(error instanceof ApiError) || !error.message.startsWith("CSRF")) throw error;
    const { csrf_token } = await call<{ csrf_token: string }>("GET", "auth/session");
    setCsrfToken(csrf_token);
    return call<T>(method, path, data, headers);
  }
}

export const get = <T>(path: string): Promise<T> => call<T>("GET", path);
export const post = <T>(path: string, data?: unknown): Promise<T> =>
  write<T>("POST", path, data ?? {});
export const patch = <T>(path: string, data: unknown): Promise<T> => write<T>("PATCH", path, data);
export const put = <T>(path: string, data: unknown): Promise<T> => write<T>("PUT", path, data);
export const remove = (path: string): Promise<void> => write<void>("DELETE", path);

/** Sends a part of an upload that begins at `offset`. */
export const putBytes = <T>(path: string, bytes: Blob, offset: number): Promise<T> =>
  write<T>("PUT", path, bytes, {
    "Content-Type": "application/octet-stream",
    "Upload-Offset": String(offset),
  });
