/* The CA certificate of the server, in PEM, as a part of the program. */

    .section .rodata
    .global ca_certificate, ca_certificate_end
ca_certificate:
    .incbin CA
ca_certificate_end:
