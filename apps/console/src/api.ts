import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import createClient from 'openapi-fetch';
import type { PathsWithMethod, SuccessResponse, ResponseObjectMap } from 'openapi-typescript-helpers';
// The file itself: the library's index also has what runs in Node only.
// eslint-disable-next-line no-restricted-imports
import type { components, paths } from '../../../libs/client/src/generated/api.ts';

export type Schemas = components['schemas'];

/** A refusal of the hub, or `network` when there was no answer at all. */
export class ApiError extends Error {
  override name = 'ApiError';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string | undefined,
    readonly problem: Partial<Schemas['Problem']>,
  ) {
    super(detail ?? code);
  }
}

let csrfToken: string | null = null;
/** What `GET /v1/me` said; goes into every call that changes something. */
export function rememberCsrf(token: string | null): void {
  csrfToken = token;
}

let onSignedOut: () => void = () => undefined;
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export const api = createClient<paths>({ credentials: 'same-origin' });
api.use({
  onRequest({ request }) {
    if (request.method !== 'GET' && csrfToken !== null) request.headers.set('x-csrf-token', csrfToken);
    return request;
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok) return undefined;
    const problem = (await response.json().catch(() => ({}))) as Partial<Schemas['Problem']>;
    if (response.status === 401 && schemaPath !== '/v1/sessions' && schemaPath !== '/v1/me') onSignedOut();
    throw new ApiError(response.status, problem.code ?? 'unknown', problem.detail, problem);
  },
  onError({ error }) {
    if (error instanceof ApiError || (error as Error).name === 'AbortError') return undefined;
    return new ApiError(0, 'network', undefined, {});
  },
});

type GetPath = PathsWithMethod<paths, 'get'>;
type Operation<P extends GetPath> = paths[P] extends { get: infer O } ? O : never;
type Parameters<P extends GetPath> = Operation<P> extends { parameters: infer X } ? X : never;
type Part<X, K extends string> = X extends { [Key in K]: infer V }
  ? V
  : X extends { [Key in K]?: infer V }
    ? V
    : undefined;
export interface Params<P extends GetPath> {
  path?: Part<Parameters<P>, 'path'>;
  query?: Part<Parameters<P>, 'query'>;
}
export type Answer<P extends GetPath> = SuccessResponse<
  ResponseObjectMap<Operation<P> & Record<string | number, unknown>>,
  'application/json'
>;

export interface ApiOptions<D> {
  enabled?: boolean;
  /** Ask again after this many milliseconds; false: do not. */
  every?: number | false | ((data: D | undefined) => number | false);
  /** Goes on showing the answer before, while another page or filter is loading. */
  keep?: boolean;
  /** For how long an answer is good enough, in milliseconds; default ten seconds. */
  freshMs?: number;
}

/** One `GET` of the described interface; typed by it. */
export async function get<P extends GetPath>(path: P, params: Params<P>, signal?: AbortSignal): Promise<Answer<P>> {
  const call = api.GET as (path: string, init: unknown) => Promise<{ data?: unknown }>;
  const { data } = await call(path, { params, signal });
  return data as Answer<P>;
}

/** Every page of a list, up to `max` items or a little more. */
export async function allOf<T>(
  page: (cursor: string | undefined) => Promise<{ items: T[]; next_cursor: string | null }>,
  max: number,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const { items: more, next_cursor: next } = await page(cursor);
    items.push(...more);
    cursor = next ?? undefined;
  } while (cursor !== undefined && items.length < max);
  return items;
}

export function useApi<P extends GetPath>(
  path: P,
  params: Params<P>,
  options: ApiOptions<Answer<P>> = {},
): UseQueryResult<Answer<P>, ApiError> {
  const { every } = options;
  return useQuery<Answer<P>, ApiError>({
    queryKey: [path, params.path ?? null, params.query ?? null],
    queryFn: ({ signal }) => get(path, params, signal),
    enabled: options.enabled ?? true,
    refetchInterval: typeof every === 'function' ? (query) => every(query.state.data) : (every ?? false),
    ...(options.freshMs === undefined ? {} : { staleTime: options.freshMs }),
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A call that changes something. Everything read under one of `touches` is read again afterwards. */
export function useSend<V, D>(
  send: (input: V) => Promise<{ data?: D }>,
  options: {
    touches?: readonly GetPath[];
    onDone?: (data: D, input: V) => void;
    onFail?: (error: ApiError) => void;
  } = {},
): UseMutationResult<D, ApiError, V> {
  const client = useQueryClient();
  return useMutation<D, ApiError, V>({
    mutationFn: async (input) => (await send(input)).data as D,
    onSuccess: (data, input) => {
      for (const path of options.touches ?? []) void client.invalidateQueries({ queryKey: [path] });
      options.onDone?.(data, input);
    },
    onError: (error) => options.onFail?.(error),
  });
}
