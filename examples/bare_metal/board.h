/* The board: a console, a serial line to the module, and milliseconds.
 *
 * It is the LM3S6965 evaluation board as QEMU has it, a Cortex-M3 with UARTs of the kind PL011. */

#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

enum { BOARD_SILENT = -1 };

void board_start(void);

/* Milliseconds since the start. */
uint32_t board_now(void);

/* The next byte of the module, or BOARD_SILENT when none comes until `deadline`, which is a time of board_now. */
int board_hear(uint32_t deadline);

void board_say(char byte);

void board_print(const char *text);

/* Ends QEMU with this exit code; on hardware it needs a debugger. */
_Noreturn void board_exit(int code);

/* Interrupts. */
void board_tick(void);
void board_modem_received(void);

#endif
