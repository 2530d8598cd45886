// SPDX-License-Identifier: Apache-2.0
// What C# has no word for: where a process begins, and the instruction that asks the kernel.
        .text
        .globl  first_start, first_call
first_start:
        mov     x29, #0
        ldr     x0, =first_frame
        bl      first_main
        brk     #1
first_call:
        mov     x8, x0
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        mov     x3, x4
        mov     x4, x5
        mov     x5, x6
        svc     #0
        ret
        .section .note.GNU-stack, "", @progbits
