#include "board.h"

#include <stdbool.h>
#include <stddef.h>

struct uart { /* PL011, DDI 0183 chapter 3 */
    volatile uint32_t data, error, reserved[4], flags, reserved_too, low_power, baud_whole, baud_fraction, line, control,
        fifo_levels, interrupt_mask, interrupts, masked_interrupts, interrupt_clear;
};

struct system_timer { /* SysTick, ARMv7-M B3.3 */
    volatile uint32_t control, reload, value;
};

static struct uart *const console = (struct uart *)0x4000C000;
static struct uart *const modem = (struct uart *)0x4000D000;
static struct system_timer *const timer = (struct system_timer *)0xE000E010;
static volatile uint32_t *const clocks = (volatile uint32_t *)0x400FE104;           /* RCGC1 */
static volatile uint32_t *const interrupts_enabled = (volatile uint32_t *)0xE000E100; /* NVIC_ISER0 */

enum { CLOCK = 12500000 }; /* Hz after reset, in QEMU */
enum { BAUD = 115200 };
enum { SENDER_FULL = 1 << 5, RECEIVER_EMPTY = 1 << 4 };            /* of flags */
enum { EIGHT_BITS = 3 << 5, FIFOS = 1 << 4 };                      /* of line */
enum { ON = 1 << 0, SENDS = 1 << 8, RECEIVES = 1 << 9 };           /* of control */
enum { RECEIVED = 1 << 4, RECEIVED_LATE = 1 << 6 };                /* of interrupts: the FIFO fills, or waits */
enum { COUNTS = 1 << 0, INTERRUPTS = 1 << 1, CORE_CLOCK = 1 << 2 }; /* of the timer's control */
enum { CLOCK_OF_UARTS = 3 << 0 };
enum { MODEM_INTERRUPT = 1 << 6 };

/* What the module has sent and nobody has read: the interrupt writes at `head`, the program reads at `tail`. */
enum { QUEUE = 2048 };
static volatile uint8_t queue[QUEUE];
static volatile size_t head, tail;

static volatile uint32_t milliseconds;

static void start_uart(struct uart *uart)
{
    uint32_t divisor = CLOCK * 4 / BAUD; /* in 64ths of 16 clocks */

    uart->control = 0;
    uart->baud_whole = divisor / 64;
    uart->baud_fraction = divisor % 64;
    uart->line = EIGHT_BITS | FIFOS;
    uart->control = ON | SENDS | RECEIVES;
}

void board_start(void)
{
    *clocks |= CLOCK_OF_UARTS;
    start_uart(console);
    start_uart(modem);
    modem->interrupt_mask = RECEIVED | RECEIVED_LATE;
    *interrupts_enabled = MODEM_INTERRUPT;
    timer->reload = CLOCK / 1000 - 1;
    timer->value = 0;
    timer->control = COUNTS | INTERRUPTS | CORE_CLOCK;
}

void board_tick(void)
{
    milliseconds++;
}

uint32_t board_now(void)
{
    return milliseconds;
}

void board_modem_received(void)
{
    while (!(modem->flags & RECEIVER_EMPTY)) {
        size_t next = (head + 1) % QUEUE;
        uint8_t byte = (uint8_t)modem->data;
        if (next != tail) { /* a byte for which there is no room is lost, as on any line without flow control */
            queue[head] = byte;
            head = next;
        }
    }
    modem->interrupt_clear = RECEIVED | RECEIVED_LATE;
}

static bool is_over(uint32_t deadline)
{
    return (int32_t)(board_now() - deadline) >= 0;
}

int board_hear(uint32_t deadline)
{
    int byte;

    while (tail == head) {
        if (is_over(deadline))
            return BOARD_SILENT;
        __asm__ volatile("wfi");
    }
    byte = queue[tail];
    tail = (tail + 1) % QUEUE;
    return byte;
}

static void send(struct uart *uart, char byte)
{
    while (uart->flags & SENDER_FULL)
        ;
    uart->data = (uint8_t)byte;
}

void board_say(char byte)
{
    send(modem, byte);
}

void board_print(const char *text)
{
    while (*text != '\0')
        send(console, *text++);
}

void board_exit(int code)
{
    /* Semihosting, SYS_EXIT_EXTENDED: the reason "the application has ended", and its exit code. */
    const uint32_t reason[] = {0x20026, (uint32_t)code};
    register uint32_t operation __asm__("r0") = 0x20;
    register const uint32_t *argument __asm__("r1") = reason;

    __asm__ volatile("bkpt 0xAB" : : "r"(operation), "r"(argument) : "memory");
    for (;;)
        ;
}
