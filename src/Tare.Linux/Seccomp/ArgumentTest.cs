// SPDX-License-Identifier: Apache-2.0
// linux/seccomp.h: struct seccomp_data
namespace Tare.Linux.Seccomp;

/// <summary>The instructions that compare one argument with a constant.</summary>
/// <remarks>
/// Arguments are 64 bits, BPF compares 32. Of an argument that the kernel itself reads as 32 bits only the low half
/// counts: with a comparison of all 64, socket(AF_ALG + 2^32) would pass "greater than AF_VSOCK" and the kernel
/// would then cut it to AF_ALG.
/// </remarks>
internal readonly struct ArgumentTest
{
    private const int OffsetOfArguments = 16;

    private readonly SeccompComparison _comparison;
    private readonly bool _isUpperIgnored;
    private readonly bool _isUpperZero;

    internal ArgumentTest(SeccompComparison comparison, bool isRead32Bit, bool isUpperZero)
    {
        _comparison = comparison;
        _isUpperIgnored = isRead32Bit;
        _isUpperZero = isUpperZero && !isRead32Bit;
    }

    /// <summary>True when the test begins by loading the low half and leaves it loaded where it says no.</summary>
    internal bool KeepsLowHalf =>
        _comparison.Operator != SeccompOperator.MaskedEqual && (_isUpperIgnored || (_isUpperZero && UpperValue == 0));

    internal int Argument => _comparison.Argument;

    private uint UpperValue => (uint)(_comparison.Value >> 32);

    private uint LowerValue => (uint)_comparison.Value;

    private int LowerOffset => OffsetOfArguments + (8 * _comparison.Argument);

    private int UpperOffset => LowerOffset + 4;

    /// <summary>Puts the test before what is there and returns its place.</summary>
    /// <param name="program">what is there</param>
    /// <param name="yes">the place to go to when the comparison holds</param>
    /// <param name="no">the place to go to when it does not</param>
    /// <param name="isLoaded">the low half is in A already, see <see cref="KeepsLowHalf"/></param>
    internal int Put(BpfProgram program, int yes, int no, bool isLoaded) => _comparison.Operator switch
    {
        SeccompOperator.Equal => PutEqual(program, yes, no, isLoaded),
        SeccompOperator.NotEqual => PutEqual(program, no, yes, isLoaded),
        SeccompOperator.Greater => PutOrder(program, BpfProgram.Jump.Greater, yes, no, isLoaded),
        SeccompOperator.LessOrEqual => PutOrder(program, BpfProgram.Jump.Greater, no, yes, isLoaded),
        SeccompOperator.GreaterOrEqual => PutOrder(program, BpfProgram.Jump.GreaterOrEqual, yes, no, isLoaded),
        SeccompOperator.Less => PutOrder(program, BpfProgram.Jump.GreaterOrEqual, no, yes, isLoaded),
        SeccompOperator.MaskedEqual => PutMasked(program, yes, no),
        _ => throw new ArgumentOutOfRangeException(nameof(program), _comparison.Operator, "no such operator"),
    };

    private int PutEqual(BpfProgram program, int yes, int no, bool isLoaded)
    {
        if (_isUpperZero && UpperValue != 0)
        {
            return no;
        }

        int lower = PutLower(program, BpfProgram.Jump.Equal, yes, no, isLoaded);
        return _isUpperIgnored || _isUpperZero
            ? lower
            : program.Load(UpperOffset, program.Branch(BpfProgram.Jump.Equal, UpperValue, lower, no));
    }

    private int PutOrder(BpfProgram program, BpfProgram.Jump jump, int yes, int no, bool isLoaded)
    {
        if (_isUpperZero && UpperValue != 0)
        {
            return no;
        }

        int lower = PutLower(program, jump, yes, no, isLoaded);
        if (_isUpperIgnored || _isUpperZero)
        {
            return lower;
        }

        int equal = program.Branch(BpfProgram.Jump.Equal, UpperValue, lower, no);
        return program.Load(UpperOffset, program.Branch(BpfProgram.Jump.Greater, UpperValue, yes, equal));
    }

    private int PutMasked(BpfProgram program, int yes, int no)
    {
        uint upperSecond = (uint)(_comparison.Second >> 32);
        int branch = program.Branch(BpfProgram.Jump.Equal, (uint)_comparison.Second, yes, no);
        int lower = program.Load(LowerOffset, program.Mask(LowerValue, branch));
        bool isUpperUnmasked = UpperValue == 0 || _isUpperZero;
        if (_isUpperIgnored || isUpperUnmasked)
        {
            return _isUpperIgnored || upperSecond == 0 ? lower : no;
        }

        branch = program.Branch(BpfProgram.Jump.Equal, upperSecond, lower, no);
        return program.Load(UpperOffset, program.Mask(UpperValue, branch));
    }

    private int PutLower(BpfProgram program, BpfProgram.Jump jump, int yes, int no, bool isLoaded)
    {
        int branch = program.Branch(jump, LowerValue, yes, no);
        return isLoaded ? branch : program.Load(LowerOffset, branch);
    }
}
