// SPDX-License-Identifier: Apache-2.0
// The types that the C# compiler and the native compiler look for by name. Nothing here does anything: a first process has no
// runtime, so it has no objects, no strings, no arrays and no exceptions either.
#pragma warning disable CA1050, IDE0130

namespace System
{
    public class Object;

    public abstract class ValueType;

    public abstract class Enum : ValueType;

    public struct Void;

    public struct Boolean;

    public struct Char;

    public struct SByte;

    public struct Byte;

    public struct Int16;

    public struct UInt16;

    public struct Int32;

    public struct UInt32;

    public struct Int64;

    public struct UInt64;

    public struct IntPtr;

    public struct UIntPtr;

    public struct Single;

    public struct Double;

    public sealed class String;

    public abstract class Array;

    public abstract class Delegate;

    public abstract class MulticastDelegate : Delegate;

    public class Type;

    public struct Nullable<T> where T : struct;

    public struct RuntimeTypeHandle;

    public struct RuntimeMethodHandle;

    public struct RuntimeFieldHandle;

    public class Attribute;

    public enum AttributeTargets { All = 32767 }

    public sealed class AttributeUsageAttribute : Attribute
    {
        public AttributeUsageAttribute(AttributeTargets validOn) { }

        public bool AllowMultiple { get; set; }

        public bool Inherited { get; set; }
    }
}

namespace System.Runtime
{
    /// <summary>The native name of a method of ours.</summary>
    public sealed class RuntimeExportAttribute : Attribute
    {
        public RuntimeExportAttribute(string name) { }
    }

    /// <summary>The native name of a method that the linker finds.</summary>
    public sealed class RuntimeImportAttribute : Attribute
    {
        public RuntimeImportAttribute(string library, string name) { }
    }
}

namespace System.Runtime.CompilerServices
{
    public static class RuntimeHelpers;

    public static class RuntimeFeature
    {
        public const string UnmanagedSignatureCallingConvention = nameof(UnmanagedSignatureCallingConvention);
    }

    public enum MethodImplOptions { NoInlining = 8, InternalCall = 0x1000 }

    public sealed class MethodImplAttribute : Attribute
    {
        public MethodImplAttribute(MethodImplOptions options) { }
    }

    public sealed class FixedBufferAttribute : Attribute
    {
        public FixedBufferAttribute(Type elementType, int length) { }
    }

    public sealed class UnsafeValueTypeAttribute : Attribute;
}

namespace System.Runtime.InteropServices
{
    public enum LayoutKind { Sequential = 0, Explicit = 2, Auto = 3 }

    public sealed class StructLayoutAttribute : Attribute
    {
        public int Pack;
        public int Size;

        public StructLayoutAttribute(LayoutKind kind) { }
    }
}

namespace Internal.Runtime.CompilerHelpers
{
    internal static class StartupCodeHelpers;
}
