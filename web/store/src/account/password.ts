/** Characters that a password has at least; the server's rule. */
export const PASSWORD_LENGTH = 8
