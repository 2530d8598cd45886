// SPDX-License-Identifier: Apache-2.0
// What C# has no word for: where a process begins, and the instruction that asks the kernel.
        .text
        .globl  first_start, first_call
first_start:
        xorl    %ebp, %ebp
        andq    $-16, %rsp
        movl    $first_frame, %edi
        call    first_main
        ud2
first_call:
        movq    %rdi, %rax
        movq    %rsi, %rdi
        movq    %rdx, %rsi
        movq    %rcx, %rdx
        movq    %r8, %r10
        movq    %r9, %r8
        movq    8(%rsp), %r9
        syscall
        ret
        .section .note.GNU-stack, "", @progbits
