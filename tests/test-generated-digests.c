/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "hf-auth-private.h"
#include "hf-digest-private.h"
#include "hf-headers-private.h"
#include "hf-random.h"

/* Challenges, written in all the ways that RFC 9110 §11.6.1 allows, and the answers to them. */

typedef struct {
  char *realm;           /* owned, as the others */
  char *nonce;
  char *opaque;          /* nullable */
  const char *algorithm; /* nullable */
  const char *qop;       /* nullable */
  gboolean wants_user_hash;
  gboolean is_stale;
} Challenge;

static void
challenge_free (Challenge *self)
{
  g_free (self->realm);
  g_free (self->nonce);
  g_free (self->opaque);
  g_free (self);
}

static Challenge *
random_challenge (void)
{
  static const char *const algorithms[] = { "MD5",         "MD5-sess", "SHA-256", "SHA-256-sess",
                                            "SHA-512-256", "x",        NULL };
  static const char *const qops[] = {
    "auth", "auth-int", "auth,auth-int", "auth-int, auth", "x ,\tAuth, auth-int", NULL
  };
  Challenge *self = g_new0 (Challenge, 1);

  self->realm = hf_random_text (12);
  self->nonce = hf_random_one_in (2) ? hf_random_token () : hf_random_text (12);
  self->opaque = hf_random_one_in (2) ? hf_random_text (12) : NULL;
  self->algorithm = hf_random_one_in (4) ? NULL : hf_random_choose (algorithms);
  self->qop = hf_random_one_in (4) ? NULL : hf_random_choose (qops);
  self->wants_user_hash = hf_random_one_in (4);
  self->is_stale = hf_random_one_in (4);
  return self;
}

/* Returns: the strength, from 1; 0 for what cannot be answered */
static guint
challenge_get_strength (Challenge *self)
{
  if (self->qop != NULL && g_str_equal (self->qop, "auth-int"))
    return 0;
  if (self->algorithm == NULL || g_str_equal (self->algorithm, "MD5"))
    return 1;
  if (g_str_equal (self->algorithm, "SHA-256"))
    return 2;
  if (self->qop == NULL)
    return 0;
  if (g_str_equal (self->algorithm, "MD5-sess"))
    return 1;
  return g_str_equal (self->algorithm, "SHA-256-sess") ? 2 : 0;
}

static void
add_param (GPtrArray  *params,
           const char *name,
           const char *value,
           gboolean    is_quoted)
{
  g_autoptr (GString) param = NULL;

  if (value == NULL)
    return;

  param = g_string_new (NULL);
  hf_random_append_case (param, name);
  hf_random_append_space (param);
  g_string_append_c (param, '=');
  hf_random_append_space (param);
  if (is_quoted)
    hf_random_append_quoted (param, value);
  else
    hf_random_append_word (param, value);
  g_ptr_array_insert (params, hf_random_below (params->len + 1),
                      g_string_free (g_steal_pointer (&param), FALSE));
}

static gboolean
is_known (const char *name)
{
  static const char *const names[] = { "realm", "nonce",    "opaque", "algorithm",
                                       "qop",   "userhash", "stale",  NULL };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_strv_contains (names, lower) || strchr (name, '*') != NULL;
}

static void
add_unknown_params (GPtrArray *params)
{
  while (hf_random_one_in (3))
    {
      g_autofree char *name = hf_random_token ();
      g_autofree char *value = hf_random_text (8);

      if (!is_known (name))
        add_param (params, name, value, FALSE);
    }
}

/* Commas may be repeated (RFC 9110 §5.6.1). */
static void
append_comma (GString *out)
{
  hf_random_append_space (out);
  do
    {
      g_string_append_c (out, ',');
      hf_random_append_space (out);
  } while (hf_random_one_in (10));
}

static void
append_params (GString   *out,
               GPtrArray *params)
{
  for (guint i = 0; i < params->len; i++)
    {
      if (i == 0)
        g_string_append_c (out, ' ');
      else
        append_comma (out);
      hf_random_append_space (out);
      g_string_append (out, g_ptr_array_index (params, i));
    }
}

static void
challenge_write (Challenge *self,
                 GString   *out)
{
  static const char *const yes[] = { "true", "TRUE", NULL };
  static const char *const no[] = { "false", "x", NULL };
  g_autoptr (GPtrArray) params = g_ptr_array_new_with_free_func (g_free);

  add_param (params, "realm", self->realm, TRUE);
  add_param (params, "nonce", self->nonce, TRUE);
  add_param (params, "opaque", self->opaque, TRUE);
  add_param (params, "algorithm", self->algorithm, FALSE);
  add_param (params, "qop", self->qop, TRUE);
  if (self->wants_user_hash || hf_random_one_in (4))
    add_param (params, "userhash", hf_random_choose (self->wants_user_hash ? yes : no), FALSE);
  if (self->is_stale || hf_random_one_in (4))
    add_param (params, "stale", hf_random_choose (self->is_stale ? yes : no), FALSE);
  add_unknown_params (params);

  hf_random_append_case (out, "Digest");
  append_params (out, params);
}

/* A challenge of another scheme: alone, with token68, or with parameters. */
static void
write_other_scheme (GString *out)
{
  static const char *const schemes[] = { "Basic", "Negotiate", "Bearer", "Digestive", "Di", NULL };
  g_autoptr (GPtrArray) params = g_ptr_array_new_with_free_func (g_free);

  hf_random_append_case (out, hf_random_choose (schemes));
  switch (hf_random_below (3))
    {
    case 0:
      break;
    case 1:
      g_string_append (out, " YII+/._~-abc==");
      break;
    default:
      add_param (params, "realm", "Digest realm=\"x\", nonce=n", TRUE);
      add_param (params, "nonce", "of another", FALSE);
      add_unknown_params (params);
      append_params (out, params);
      break;
    }
}

/* Returns: (transfer full): challenges in some fields; and the best of them */
static GStrv
write_challenges (GPtrArray  *challenges,
                  Challenge **best)
{
  g_autoptr (GStrvBuilder) fields = g_strv_builder_new ();
  g_autoptr (GString) field = g_string_new (NULL);
  guint strength = 0;

  *best = NULL;
  for (guint i = 0; i < challenges->len; i++)
    {
      Challenge *challenge = g_ptr_array_index (challenges, i);

      if (field->len > 0 && hf_random_one_in (3))
        {
          g_strv_builder_add (fields, field->str);
          g_string_truncate (field, 0);
        }
      if (field->len > 0)
        append_comma (field);
      hf_random_append_space (field);
      if (challenge != NULL)
        challenge_write (challenge, field);
      else
        write_other_scheme (field);

      if (challenge != NULL && challenge_get_strength (challenge) > strength)
        {
          strength = challenge_get_strength (challenge);
          *best = challenge;
        }
    }
  g_strv_builder_add (fields, field->str);
  return g_strv_builder_end (fields);
}

static void
challenge_free_any (gpointer challenge)
{
  g_clear_pointer ((Challenge **) &challenge, challenge_free);
}

/* Returns: (transfer full): challenges, and %NULL for those of other schemes */
static GPtrArray *
random_challenges (void)
{
  GPtrArray *challenges = g_ptr_array_new_with_free_func (challenge_free_any);
  guint n_challenges = hf_random_below (4);

  for (guint i = 0; i < n_challenges; i++)
    g_ptr_array_add (challenges, hf_random_one_in (3) ? NULL : random_challenge ());
  return challenges;
}

/* H() of RFC 7616 §3.3, of words with colons between them. */
static char *
hash (Challenge *challenge,
      ...)
{
  gboolean is_sha = challenge->algorithm != NULL && g_str_has_prefix (challenge->algorithm, "SHA");
  GChecksum *checksum = g_checksum_new (is_sha ? G_CHECKSUM_SHA256 : G_CHECKSUM_MD5);
  gboolean is_first = TRUE;
  const char *word;
  char *digest;
  va_list words;

  va_start (words, challenge);
  while ((word = va_arg (words, const char *)) != NULL)
    {
      if (!is_first)
        g_checksum_update (checksum, (const guint8 *) ":", 1);
      g_checksum_update (checksum, (const guint8 *) word, -1);
      is_first = FALSE;
    }
  va_end (words);
  digest = g_strdup (g_checksum_get_string (checksum));
  g_checksum_free (checksum);
  return digest;
}

static char *
compute_response (Challenge  *challenge,
                  const char *user,
                  const char *password,
                  const char *method,
                  const char *target,
                  const char *count,
                  const char *client_nonce)
{
  g_autofree char *plain = hash (challenge, user, challenge->realm, password, NULL);
  g_autofree char *of_session = hash (challenge, plain, challenge->nonce, client_nonce, NULL);
  gboolean is_session = challenge->algorithm != NULL &&
                        g_str_has_suffix (challenge->algorithm, "-sess");
  const char *a1 = is_session ? of_session : plain;
  g_autofree char *a2 = hash (challenge, method, target, NULL);

  if (challenge->qop == NULL)
    return hash (challenge, a1, challenge->nonce, a2, NULL);
  return hash (challenge, a1, challenge->nonce, count, client_nonce, "auth", a2, NULL);
}

/* Takes a parameter out of an answer. */
static void
take_param (GHashTable *params,
            const char *name,
            const char *expected,
            const char *input)
{
  hf_assert_same (input, expected, g_hash_table_lookup (params, name));
  g_hash_table_remove (params, name);
}

/* The server reads what it asked for, word for word, and a proof that it can compute, too. */
static void
check_answer (Challenge  *challenge,
              const char *answer,
              const char *user,
              const char *password,
              const char *method,
              const char *target,
              guint       count,
              const char *input)
{
  GHashTable *params;
  g_autofree char *number = g_strdup_printf ("%08x", count);
  g_autofree char *user_hash = hash (challenge, user, challenge->realm, NULL);
  g_autofree char *client_nonce = NULL;
  g_autofree char *response = NULL;

  g_assert_true (g_str_has_prefix (answer, "Digest "));
  g_assert_null (strpbrk (answer, "\r\n"));
  params = soup_header_parse_param_list (answer + strlen ("Digest "));
  client_nonce = g_strdup (g_hash_table_lookup (params, "cnonce"));
  response = compute_response (challenge, user, password, method, target, number,
                               client_nonce != NULL ? client_nonce : "");

  take_param (params, "username", challenge->wants_user_hash ? user_hash : user, input);
  take_param (params, "userhash", challenge->wants_user_hash ? "true" : NULL, input);
  take_param (params, "realm", challenge->realm, input);
  take_param (params, "nonce", challenge->nonce, input);
  take_param (params, "uri", target, input);
  take_param (params, "response", response, input);
  take_param (params, "opaque", challenge->opaque, input);
  take_param (params, "algorithm", challenge->algorithm, input);
  take_param (params, "qop", challenge->qop != NULL ? "auth" : NULL, input);
  take_param (params, "nc", challenge->qop != NULL ? number : NULL, input);
  g_assert_cmpint (client_nonce != NULL, ==, challenge->qop != NULL);
  take_param (params, "cnonce", client_nonce, input);
  g_assert_cmpuint (g_hash_table_size (params), ==, 0);
  soup_header_free_param_list (params);
}

static void
test_round_trip (void)
{
  guint n_answered = 0;

  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (GPtrArray) challenges = random_challenges ();
      Challenge *best;
      g_auto (GStrv) fields = write_challenges (challenges, &best);
      g_autofree char *input = g_strjoinv ("\n", fields);
      g_autoptr (HfDigestChallenge) found = hf_digest_challenge_find ((const char **) fields);
      g_autofree char *user = hf_random_text (8);
      g_autofree char *password = hf_random_text (8);
      g_autofree char *client_nonce = hf_random_token ();
      g_autofree char *answer = NULL;
      guint count = hf_random_below (1000000);

      hf_assert_same (input, best != NULL ? best->realm : NULL,
                      found != NULL ? found->realm : NULL);
      if (best == NULL)
        continue;

      n_answered++;
      g_assert_cmpint (found->is_stale, ==, best->is_stale);
      answer =
        hf_digest_challenge_answer (found, user, password, "PUT", "/a?\"b\\", count, client_nonce);
      check_answer (best, answer, user, password, "PUT", "/a?\"b\\", count, input);
    }
  g_assert_cmpuint (n_answered, >, hf_random_n_inputs () / 3);
}

/* Returns: (transfer full) (nullable): what credentials say without being asked */
static char *
get_authorization (HfAuth    *auth,
                   HfRequest *request,
                   GUri      *uri)
{
  g_autoptr (GError) error = NULL;
  char *authorization = NULL;

  g_assert_true (hf_auth_get_authorization (auth, request->data, uri, &authorization, &error));
  g_assert_no_error (error);
  return authorization;
}

/* Credentials answer what a 401 asks for, and count the answers. */
static void
test_credentials (void)
{
  g_autoptr (GUri) uri = g_uri_parse ("http://a.example/x?y", SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (HfRequest) request = hf_request_new ("GET", "http://a.example/x?y");

  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (GPtrArray) challenges = random_challenges ();
      Challenge *best;
      g_auto (GStrv) fields = write_challenges (challenges, &best);
      g_autofree char *input = g_strjoinv ("\n", fields);
      g_autofree char *user = hf_random_text (8);
      g_autofree char *password = hf_random_text (8);
      g_autoptr (HfAuth) auth = hf_auth_new_for_digest (user, password);
      g_autoptr (HfHeaders) headers = hf_headers_new ();
      g_autofree char *before = get_authorization (auth, request, uri);
      gboolean is_stale;

      for (guint n = 0; fields[n] != NULL; n++)
        hf_headers_append (headers, "WWW-Authenticate", fields[n]);
      g_assert_null (before);
      g_assert_cmpint (hf_auth_can_answer (auth, headers, &is_stale), ==, best != NULL);
      if (best == NULL)
        continue;

      g_assert_cmpint (is_stale, ==, best->is_stale);
      for (guint count = 1; count < 3; count++)
        {
          g_autofree char *answer = count == 1
                                      ? hf_auth_answer_challenge (auth, headers, "GET", uri)
                                      : get_authorization (auth, request, uri);

          check_answer (best, answer, user, password, "GET", "/x?y", count, input);
        }
    }
}

/* What was damaged is refused or answered, twice the same, and never with a second line. */
static void
test_corrupt (void)
{
  for (guint i = hf_random_n_inputs (); i > 0; i--)
    {
      g_autoptr (GPtrArray) challenges = random_challenges ();
      Challenge *best;
      g_auto (GStrv) fields = write_challenges (challenges, &best);
      g_autofree char *joined = g_strjoinv (",", fields);
      g_autoptr (GString) field = g_string_new (joined);
      g_autofree char *first = NULL;
      g_autofree char *second = NULL;

      hf_random_corrupt (field);
      for (guint n = 0; n < 2; n++)
        {
          const char *damaged[] = { field->str, NULL };
          g_autoptr (HfDigestChallenge) found = hf_digest_challenge_find (damaged);

          if (found != NULL)
            *(n == 0 ? &first : &second) =
              hf_digest_challenge_answer (found, "u", "p", "GET", "/", 1, "c");
        }
      hf_assert_same (field->str, first, second);
      if (first == NULL)
        continue;

      g_assert_true (g_utf8_validate (first, -1, NULL));
      for (const char *c = first; *c != '\0'; c++)
        g_assert_false (g_ascii_iscntrl (*c));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/generated/digests/round-trip", test_round_trip);
  g_test_add_func ("/generated/digests/credentials", test_credentials);
  g_test_add_func ("/generated/digests/corrupt", test_corrupt);
  return g_test_run ();
}
