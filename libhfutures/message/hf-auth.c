/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-auth-private.h"

#include <string.h>

#include "hf-auth-call-private.h"
#include "hf-digest-private.h"
#include "hf-validate-private.h"

/**
 * HfAuth:
 *
 * How a request proves who sends it.
 *
 * Credentials are sent to the origin that the request was submitted for, and to no other: a
 * redirect to another scheme, host or port leaves them behind. An `Authorization` field that is set
 * on the request wins.
 *
 * One may serve any number of requests, from any thread. A digest remembers what the server asked
 * for last, so that only the first request to it is asked.
 *
 * Since: 1.0
 */

typedef enum {
  AUTH_FIXED, /* Basic or Bearer */
  AUTH_DIGEST,
  AUTH_FUNC,
} AuthKind;

struct _HfAuth {
  GObject parent_instance;

  AuthKind kind;                /* const */
  char *authorization;          /* owned, const; of the fixed kind */
  char *user;                   /* owned, const; of digests, as the password */
  char *password;
  HfAuthFunc func;              /* const; of functions */
  gpointer func_data;
  GDestroyNotify destroy;       /* nullable */

  GMutex lock;
  HfDigestChallenge *challenge; /* owned, nullable; guarded by lock */
  GUri *origin;                 /* owned, nullable: whose challenge it is; guarded by lock */
  guint n_uses;                 /* of the challenge's nonce; guarded by lock */
  char *client_nonce;           /* owned, nullable: goes with that; guarded by lock */
};

G_DEFINE_FINAL_TYPE (HfAuth, hf_auth, G_TYPE_OBJECT)

static void
hf_auth_finalize (GObject *object)
{
  HfAuth *self = HF_AUTH (object);

  if (self->destroy != NULL)
    self->destroy (self->func_data);
  g_free (self->authorization);
  g_free (self->user);
  g_free (self->password);
  g_clear_pointer (&self->challenge, hf_digest_challenge_free);
  g_clear_pointer (&self->origin, g_uri_unref);
  g_free (self->client_nonce);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (hf_auth_parent_class)->finalize (object);
}

static void
hf_auth_class_init (HfAuthClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_auth_finalize;
}

static void
hf_auth_init (HfAuth *self)
{
  g_mutex_init (&self->lock);
}

/**
 * hf_auth_new_for_basic:
 * @user: the user, without a colon
 * @password: the password
 *
 * Makes credentials for Basic authentication (RFC 7617), in UTF-8. They are sent with the first
 * request already, and readable for anybody who can read the connection.
 *
 * Returns: (transfer full): credentials
 *
 * Since: 1.0
 */
HfAuth *
hf_auth_new_for_basic (const char *user,
                       const char *password)
{
  g_autofree char *pair = NULL;
  g_autofree char *encoded = NULL;
  HfAuth *self;

  g_return_val_if_fail (user != NULL, NULL);
  g_return_val_if_fail (password != NULL, NULL);

  self = g_object_new (HF_TYPE_AUTH, NULL);
  pair = g_strconcat (user, ":", password, NULL);
  encoded = g_base64_encode ((const guint8 *) pair, strlen (pair));
  self->authorization = g_strconcat ("Basic ", encoded, NULL);
  return self;
}

/**
 * hf_auth_new_for_bearer:
 * @token: the token
 *
 * Makes credentials of a bearer token (RFC 6750).
 *
 * Returns: (transfer full): credentials
 *
 * Since: 1.0
 */
HfAuth *
hf_auth_new_for_bearer (const char *token)
{
  HfAuth *self;

  g_return_val_if_fail (token != NULL, NULL);

  self = g_object_new (HF_TYPE_AUTH, NULL);
  self->authorization = g_strconcat ("Bearer ", token, NULL);
  return self;
}

/**
 * hf_auth_new_for_digest:
 * @user: the user
 * @password: the password
 *
 * Makes credentials for Digest authentication (RFC 7616), with MD5 or SHA-256 as the server wants
 * it. The server has to ask for them: the first request is sent twice, and what it answered the
 * first time is in [property@Response:history].
 *
 * Returns: (transfer full): credentials
 *
 * Since: 1.0
 */
HfAuth *
hf_auth_new_for_digest (const char *user,
                        const char *password)
{
  HfAuth *self;

  g_return_val_if_fail (user != NULL, NULL);
  g_return_val_if_fail (password != NULL, NULL);

  self = g_object_new (HF_TYPE_AUTH, NULL);
  self->kind = AUTH_DIGEST;
  self->user = g_strdup (user);
  self->password = g_strdup (password);
  return self;
}

/**
 * hf_auth_new_for_func:
 * @func: (scope notified) (closure user_data) (destroy destroy): what to ask
 * @user_data: data for @func
 * @destroy: (nullable): what frees @user_data, on any thread
 *
 * Makes credentials that a function is asked for each time that something is sent, also after a
 * redirect: for signatures, and for tokens that expire. The function is not asked for another
 * origin than that of the request, nor when an `Authorization` field is set.
 *
 * JavaScript cannot be called where requests are sent; its option `auth` takes a function that is
 * called when the request is made.
 *
 * Returns: (transfer full): credentials
 *
 * Since: 1.0
 */
HfAuth *
hf_auth_new_for_func (HfAuthFunc     func,
                      gpointer       user_data,
                      GDestroyNotify destroy)
{
  HfAuth *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_object_new (HF_TYPE_AUTH, NULL);
  self->kind = AUTH_FUNC;
  self->func = func;
  self->func_data = user_data;
  self->destroy = destroy;
  return self;
}

/* Returns: (transfer full): what a request line says */
static char *
dup_target (GUri *uri)
{
  const char *path = g_uri_get_path (uri);
  const char *query = g_uri_get_query (uri);

  return g_strconcat (*path != '\0' ? path : "/", query != NULL ? "?" : NULL, query, NULL);
}

/* Returns: (transfer full): an answer to the challenge that is remembered */
static char *
auth_answer_locked (HfAuth     *self,
                    const char *method,
                    GUri       *uri)
{
  g_autofree char *target = dup_target (uri);

  return hf_digest_challenge_answer (self->challenge, self->user, self->password, method, target,
                                     ++self->n_uses, self->client_nonce);
}

/*
 * hf_auth_get_authorization:
 * @request: what is about to be sent
 * @uri: where to
 * @authorization: (out) (nullable): the value of the Authorization field; %NULL for none, as of a
 *   digest that the server has not asked for yet
 *
 * Returns: %FALSE with @error set when a function failed
 */
gboolean
hf_auth_get_authorization (HfAuth         *self,
                           HfRequestData  *request,
                           GUri           *uri,
                           char          **authorization,
                           GError        **error)
{
  if (self->kind == AUTH_FUNC)
    return hf_auth_call_run (self->func, self->func_data, request, authorization, error);

  if (self->kind == AUTH_FIXED)
    {
      *authorization = g_strdup (self->authorization);
      return TRUE;
    }

  g_mutex_lock (&self->lock);
  if (self->challenge != NULL && hf_uri_same_origin (self->origin, uri))
    *authorization = auth_answer_locked (self, request->method, uri);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static HfDigestChallenge *
find_challenge (HfHeaders *headers)
{
  g_auto (GStrv) fields = hf_headers_lookup_all (headers, "WWW-Authenticate");

  return fields != NULL ? hf_digest_challenge_find ((const char *const *) fields) : NULL;
}

/* Whether it is a function of the user's, which may do anything. */
gboolean
hf_auth_is_func (HfAuth *self)
{
  return self->func != NULL;
}

/* Whether the request can be sent again with what the answer to it, a 401, asks for; and whether
 * only the nonce was too old. */
gboolean
hf_auth_can_answer (HfAuth    *self,
                    HfHeaders *headers,
                    gboolean  *stale)
{
  g_autoptr (HfDigestChallenge) challenge = NULL;

  if (self->kind != AUTH_DIGEST)
    return FALSE;

  challenge = find_challenge (headers);
  *stale = challenge != NULL && challenge->is_stale;
  return challenge != NULL;
}

/* Remembers what the server asks for. Returns: (transfer full): the answer to it */
char *
hf_auth_answer_challenge (HfAuth     *self,
                          HfHeaders  *headers,
                          const char *method,
                          GUri       *uri)
{
  g_autoptr (HfDigestChallenge) challenge = find_challenge (headers);
  g_autoptr (GUri) origin = g_uri_ref (uri);
  char *authorization;

  g_mutex_lock (&self->lock);
  /* A nonce that other requests have been told, too, is counted on: no number may come twice. */
  if (self->challenge == NULL || !g_str_equal (self->challenge->nonce, challenge->nonce))
    {
      self->n_uses = 0;
      g_free (self->client_nonce);
      self->client_nonce = g_uuid_string_random ();
    }
  g_clear_pointer (&self->challenge, hf_digest_challenge_free);
  g_clear_pointer (&self->origin, g_uri_unref);
  self->challenge = g_steal_pointer (&challenge);
  self->origin = g_steal_pointer (&origin);
  authorization = auth_answer_locked (self, method, uri);
  g_mutex_unlock (&self->lock);
  return authorization;
}

/* For another process. Not of a function. Returns: a floating variant */
GVariant *
hf_auth_pack (HfAuth *self)
{
  g_assert (self->func == NULL);

  if (self->kind == AUTH_DIGEST)
    return g_variant_new ("(^ay^ay)", self->user, self->password);
  return g_variant_new ("(^ay)", self->authorization);
}

/* Returns: (transfer full) (nullable): credentials */
HfAuth *
hf_auth_unpack (GVariant *packed)
{
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;
  HfAuth *self;

  if (g_variant_is_of_type (packed, G_VARIANT_TYPE ("(ayay)")))
    {
      g_variant_get (packed, "(^ay^ay)", &user, &password);
      return hf_auth_new_for_digest (user, password);
    }
  if (!g_variant_is_of_type (packed, G_VARIANT_TYPE ("(ay)")))
    return NULL;

  self = g_object_new (HF_TYPE_AUTH, NULL);
  g_variant_get (packed, "(^ay)", &self->authorization);
  return self;
}
