/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undoes keys/as_members.h and scenario/as_rows.h. */
#undef KEY_NUMBER
#undef KEY_COUNT
#undef KEY_BOOL
#undef KEY_WORD
#undef KEY_TEXT
#undef KEY_FILE
#undef KEY_NAME
#undef KEY_TEXTS
#undef KEY_REFERENCE
#undef KEY_DIST
#undef KEY_GROUP
#undef KEY_LIST
#undef KEY_OTHER
#undef KEY_PART
#undef KEY_KEPT
#undef KEY_SECOND
#undef KEY_MEMBER
