/* What runs before main: the vector table, and RAM as C expects it. */

#include "board.h"

#include <stdint.h>

extern uint32_t stack_top[], data_in_flash[], data_start[], data_end[], bss_start[], bss_end[];

int main(void);
void reset(void);

static void fail(void)
{
    board_exit(1);
}

void reset(void)
{
    const uint32_t *from = data_in_flash;

    for (uint32_t *to = data_start; to < data_end; to++)
        *to = *from++;
    for (uint32_t *to = bss_start; to < bss_end; to++)
        *to = 0;
    board_start();
    board_exit(main());
}

/* ARMv7-M B1.5.3: the top of the stack, the exceptions from number 1 on, and behind them the interrupts of the chip. */
enum { RESET = 1, NMI = 2, HARD_FAULT = 3, SYSTEM_TIMER = 15, MODEM = 16 + 6, VECTORS };

__attribute__((section(".vectors"), used)) static const struct {
    uint32_t *stack_top;
    void (*exceptions[VECTORS - 1])(void);
} vectors = {
    .stack_top = stack_top,
    .exceptions = {
        [RESET - 1] = reset,
        [NMI - 1] = fail,
        [HARD_FAULT - 1] = fail, /* the other faults become this one */
        [SYSTEM_TIMER - 1] = board_tick,
        [MODEM - 1] = board_modem_received,
    },
};
