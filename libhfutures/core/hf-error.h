/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-types.h"

G_BEGIN_DECLS

/**
 * HF_ERROR:
 *
 * The domain of the library's errors; their codes are [error@Hf.Error].
 *
 * Cancellation is not among them: it is always `G_IO_ERROR_CANCELLED`.
 *
 * Since: 1.0
 */
#define HF_ERROR (hf_error_quark ())

/**
 * HfError:
 * @HF_ERROR_FAILED: something failed that has no code of its own
 * @HF_ERROR_INVALID_URI: the URI cannot be parsed, has no scheme or host, or an unknown scheme
 * @HF_ERROR_INVALID_REQUEST: the method, a header or the body cannot be sent
 * @HF_ERROR_DNS: the host name was not resolved
 * @HF_ERROR_CONNECT: no connection, or it was closed before the server answered
 * @HF_ERROR_PROXY: the proxy refused or failed
 * @HF_ERROR_TLS: the TLS handshake failed or the certificate was rejected
 * @HF_ERROR_TIMEOUT_CONNECT: connecting took longer than the connect timeout
 * @HF_ERROR_TIMEOUT_READ: the server was silent for longer than the read timeout
 * @HF_ERROR_TIMEOUT_DEADLINE: the request was not finished by its deadline
 * @HF_ERROR_TOO_MANY_REDIRECTS: more redirects than allowed
 * @HF_ERROR_PROTOCOL: the server broke the rules of HTTP
 * @HF_ERROR_TRUNCATED: the body ended before its announced length
 * @HF_ERROR_DECODE: the body cannot be decoded
 * @HF_ERROR_TOO_LARGE: the body is larger than allowed
 * @HF_ERROR_STATUS: the status is an error; only [method@Response.check_status] says so
 * @HF_ERROR_CLOSED: the session or the executor was closed
 * @HF_ERROR_NOT_SERIALIZABLE: something cannot be sent to another process
 * @HF_ERROR_WORKER_DIED: the worker process ended before it answered
 * @HF_ERROR_HOOK: a response hook failed
 * @HF_ERROR_WOULD_BLOCK: a blocking wait would never end
 * @HF_ERROR_WRONG_TYPE: the future holds a value of another type
 *
 * Codes of [func@Hf.Error.quark]. The list only ever grows at its end.
 *
 * Since: 1.0
 */
typedef enum {
  HF_ERROR_FAILED,
  HF_ERROR_INVALID_URI,
  HF_ERROR_INVALID_REQUEST,
  HF_ERROR_DNS,
  HF_ERROR_CONNECT,
  HF_ERROR_PROXY,
  HF_ERROR_TLS,
  HF_ERROR_TIMEOUT_CONNECT,
  HF_ERROR_TIMEOUT_READ,
  HF_ERROR_TIMEOUT_DEADLINE,
  HF_ERROR_TOO_MANY_REDIRECTS,
  HF_ERROR_PROTOCOL,
  HF_ERROR_TRUNCATED,
  HF_ERROR_DECODE,
  HF_ERROR_TOO_LARGE,
  HF_ERROR_STATUS,
  HF_ERROR_CLOSED,
  HF_ERROR_NOT_SERIALIZABLE,
  HF_ERROR_WORKER_DIED,
  HF_ERROR_HOOK,
  HF_ERROR_WOULD_BLOCK,
  HF_ERROR_WRONG_TYPE,
} HfError;

HF_AVAILABLE_IN_1_0
GQuark hf_error_quark (void);

G_END_DECLS
