/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-digest-private.h"

#include <libsoup/soup.h>
#include <string.h>

/* Digest access authentication (RFC 7616), with MD5 and SHA-256, without protection of bodies. */

static const struct {
  const char *name;
  GChecksumType checksum_type;
  gboolean is_session;
} algorithms[] = {
  { "MD5", G_CHECKSUM_MD5, FALSE },
  { "MD5-sess", G_CHECKSUM_MD5, TRUE },
  { "SHA-256", G_CHECKSUM_SHA256, FALSE },
  { "SHA-256-sess", G_CHECKSUM_SHA256, TRUE },
};

static gboolean
challenge_set_algorithm (HfDigestChallenge *self)
{
  const char *name = g_hash_table_lookup (self->params, "algorithm");

  if (name == NULL)
    name = "MD5";
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (g_ascii_strcasecmp (name, algorithms[i].name) == 0)
      {
        self->checksum_type = algorithms[i].checksum_type;
        self->is_session = algorithms[i].is_session;
        return TRUE;
      }
  return FALSE;
}

/* Whether what the server offers for protection has the one that we know; nothing is fine, too. */
static gboolean
challenge_set_qop (HfDigestChallenge *self)
{
  const char *qop = g_hash_table_lookup (self->params, "qop");

  self->has_qop = qop != NULL;
  return qop == NULL || soup_header_contains (qop, "auth");
}

/* Whether a parameter can be said again. Extended notation (RFC 8187) may have brought in anything
 * at all. */
static gboolean
is_text (const char *value)
{
  if (value == NULL || !g_utf8_validate (value, -1, NULL))
    return FALSE;
  for (const char *c = value; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  return TRUE;
}

static gboolean
is_true (const char *value)
{
  return value != NULL && g_ascii_strcasecmp (value, "true") == 0;
}

/* Returns: (transfer full) (nullable): a challenge that can be answered */
static HfDigestChallenge *
challenge_new (const char *text)
{
  g_autoptr (HfDigestChallenge) self = g_new0 (HfDigestChallenge, 1);
  const char *opaque;

  self->params = soup_header_parse_param_list (text);
  opaque = g_hash_table_lookup (self->params, "opaque");
  self->realm = g_hash_table_lookup (self->params, "realm");
  self->nonce = g_hash_table_lookup (self->params, "nonce");
  if (!is_text (self->realm) || !is_text (self->nonce) || (opaque != NULL && !is_text (opaque)) ||
      !challenge_set_algorithm (self) || !challenge_set_qop (self) ||
      (self->is_session && !self->has_qop))
    return NULL;

  self->wants_user_hash = is_true (g_hash_table_lookup (self->params, "userhash"));
  self->is_stale = is_true (g_hash_table_lookup (self->params, "stale"));
  return g_steal_pointer (&self);
}

void
hf_digest_challenge_free (HfDigestChallenge *self)
{
  g_clear_pointer (&self->params, soup_header_free_param_list);
  g_free (self);
}

/* The scheme that begins a challenge is a word before a space or the end; parameters have an equals
 * sign there (RFC 9110 §11.6.1). Returns: its length, or 0 */
static gsize
get_scheme_length (const char *item)
{
  gsize length = strcspn (item, " \t=");
  const char *rest = item + length;

  rest += strspn (rest, " \t");
  return length > 0 && *rest != '=' ? length : 0;
}

static void
take_better (HfDigestChallenge **best,
             GString            *text)
{
  g_autoptr (HfDigestChallenge) challenge = challenge_new (text->str);

  if (challenge != NULL && (*best == NULL || (*best)->checksum_type < challenge->checksum_type))
    {
      g_clear_pointer (best, hf_digest_challenge_free);
      *best = g_steal_pointer (&challenge);
    }
}

/*
 * hf_digest_challenge_find:
 * @fields: the values of WWW-Authenticate fields, with any number of challenges in each
 *
 * Returns: (transfer full) (nullable): the strongest one that can be answered; the first of equals
 */
HfDigestChallenge *
hf_digest_challenge_find (const char *const *fields)
{
  HfDigestChallenge *best = NULL;

  for (guint i = 0; fields[i] != NULL; i++)
    {
      GSList *items = soup_header_parse_list (fields[i]);
      g_autoptr (GString) text = NULL; /* of the challenge that the items belong to, if a digest */

      for (GSList *l = items; l != NULL; l = l->next)
        {
          const char *item = l->data;
          gsize scheme_length = get_scheme_length (item);

          if (scheme_length == 0 && text != NULL)
            g_string_append_printf (text, ", %s", item);
          if (scheme_length == 0)
            continue;

          if (text != NULL)
            take_better (&best, text);
          if (text != NULL)
            g_string_free (g_steal_pointer (&text), TRUE);
          if (scheme_length == strlen ("Digest") &&
              g_ascii_strncasecmp (item, "Digest", scheme_length) == 0)
            text = g_string_new (item + scheme_length);
        }
      if (text != NULL)
        take_better (&best, text);
      soup_header_free_list (items);
    }
  return best;
}

/* Returns: (transfer full): the checksum of words with colons between them */
static char *
challenge_hash (HfDigestChallenge *self,
                const char        *first,
                ...)
{
  g_autoptr (GString) text = g_string_new (first);
  const char *word;
  va_list words;

  va_start (words, first);
  while ((word = va_arg (words, const char *)) != NULL)
    {
      g_string_append_c (text, ':');
      g_string_append (text, word);
    }
  va_end (words);

  return g_compute_checksum_for_string (self->checksum_type, text->str, text->len);
}

/* As it is, since the server compares it; libsoup would encode what is not ASCII. */
static void
append_quoted (GString    *header,
               const char *name,
               const char *value)
{
  if (header->str[header->len - 1] != ' ')
    g_string_append (header, ", ");
  g_string_append_printf (header, "%s=\"", name);
  for (const char *c = value; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_c (header, '\\');
      g_string_append_c (header, *c);
    }
  g_string_append_c (header, '"');
}

static void
challenge_append_user (HfDigestChallenge *self,
                       GString           *header,
                       const char        *user)
{
  g_autofree char *hash = NULL;

  if (self->wants_user_hash)
    {
      hash = challenge_hash (self, user, self->realm, NULL);
      append_quoted (header, "username", hash);
      g_string_append (header, ", userhash=true");
    }
  else if (g_str_is_ascii (user))
    {
      append_quoted (header, "username", user);
    }
  else
    {
      /* All but the attr-chars of RFC 8187 §3.2.1 is escaped. */
      g_autofree char *escaped = g_uri_escape_string (user, "!#$&+^`|", FALSE);

      g_string_append_printf (header, "username*=UTF-8''%s", escaped);
    }
}

/*
 * hf_digest_challenge_answer:
 * @target: the request target, path and query
 * @count: how often the nonce has been used, this time included
 *
 * Returns: (transfer full): the value of the Authorization field (RFC 7616 §3.4)
 */
char *
hf_digest_challenge_answer (HfDigestChallenge *self,
                            const char        *user,
                            const char        *password,
                            const char        *method,
                            const char        *target,
                            guint              count,
                            const char        *client_nonce)
{
  g_autoptr (GString) header = g_string_new ("Digest ");
  g_autofree char *secret = challenge_hash (self, user, self->realm, password, NULL);
  g_autofree char *what = challenge_hash (self, method, target, NULL);
  g_autofree char *number = g_strdup_printf ("%08x", count);
  g_autofree char *response = NULL;
  const char *algorithm = g_hash_table_lookup (self->params, "algorithm");
  const char *opaque = g_hash_table_lookup (self->params, "opaque");

  if (self->is_session)
    {
      char *of_session = challenge_hash (self, secret, self->nonce, client_nonce, NULL);

      g_free (secret);
      secret = of_session;
    }
  response = self->has_qop ? challenge_hash (self, secret, self->nonce, number, client_nonce,
                                             "auth", what, NULL)
                           : challenge_hash (self, secret, self->nonce, what, NULL);

  challenge_append_user (self, header, user);
  append_quoted (header, "realm", self->realm);
  append_quoted (header, "nonce", self->nonce);
  append_quoted (header, "uri", target);
  append_quoted (header, "response", response);
  if (opaque != NULL)
    append_quoted (header, "opaque", opaque);
  if (algorithm != NULL)
    g_string_append_printf (header, ", algorithm=%s", algorithm);
  if (self->has_qop)
    {
      g_string_append_printf (header, ", qop=auth, nc=%s", number);
      append_quoted (header, "cnonce", client_nonce);
    }
  return g_string_free (g_steal_pointer (&header), FALSE);
}
