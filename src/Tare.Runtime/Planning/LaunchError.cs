// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Runtime.Planning.Steps;

namespace Tare.Runtime.Planning;

/// <summary>Why a container's process did not come to run, told to the user.</summary>
/// <param name="ExitCode">125, 126 or 127, as docker gives them</param>
/// <param name="Kind">the class of failure</param>
/// <param name="Message">one line that names the step and the cause</param>
/// <param name="Hint">what the user can do about it, or null</param>
internal sealed record LaunchError(int ExitCode, ErrorKind Kind, string Message, string? Hint = null)
{
    /// <summary>The engine failed before the program was reached.</summary>
    public const int EngineFailed = 125;

    /// <summary>The program is there and cannot be executed.</summary>
    public const int CannotExecute = 126;

    /// <summary>The program is not there.</summary>
    public const int NotFound = 127;

    internal static LaunchError Of(LaunchPlan plan, LaunchFailure failure)
    {
        if ((uint)failure.Step >= (uint)plan.Steps.Count)
        {
            return new(EngineFailed, ErrorKind.Internal, "the process was killed while it was set up");
        }

        Step step = plan.Steps[failure.Step];
        return step switch
        {
            Execute execute => OfExecute(execute.Arguments[0], failure.Error),
            FindProgram find => OfExecute(find.Name, failure.Error),
            EnterDirectory directory => OfDirectory(directory, failure.Error),
            _ => OfStep(step, failure.Error),
        };
    }

    /// <summary>Of the program itself, when the plan is not at hand.</summary>
    /// <param name="name">as it was asked for</param>
    /// <param name="error">what execve(2) said</param>
    internal static LaunchError OfProgram(string name, Errno error) => OfExecute(name, error);

    /// <summary>The exception that carries the message.</summary>
    public TareException ToException() => new(Kind, Message, Hint);

    private static LaunchError OfExecute(string name, Errno error)
    {
        bool isSearched = !name.Contains('/', StringComparison.Ordinal);
        return error switch
        {
            Errno.ENOENT or Errno.ENOTDIR when isSearched =>
                new(NotFound, ErrorKind.NotFound, $"exec: \"{name}\": executable file not found in $PATH"),
            Errno.ENOENT => new(
                NotFound,
                ErrorKind.NotFound,
                $"exec: \"{name}\": no such file or directory",
                "if the file is there, the interpreter or loader that it names is not"),
            Errno.ENOEXEC => new(
                CannotExecute,
                ErrorKind.InvalidArgument,
                $"exec: \"{name}\": exec format error",
                "the file is for another architecture, or a script without #!"),
            Errno.EACCES => new(CannotExecute, ErrorKind.PermissionDenied, $"exec: \"{name}\": permission denied"),
            _ => new(CannotExecute, KindOf(error), $"exec: \"{name}\": {error.Explain()}"),
        };
    }

    private static LaunchError OfDirectory(EnterDirectory directory, Errno error)
    {
        int code = error switch
        {
            Errno.ENOENT => NotFound,
            Errno.EACCES or Errno.ENOTDIR or Errno.ELOOP => CannotExecute,
            _ => EngineFailed,
        };
        string cause = error == Errno.ELOOP ? "leads out of the container" : error.Explain();
        return new(code, KindOf(error), $"working directory {directory.Path}: {cause}");
    }

    private static LaunchError OfStep(Step step, Errno error)
    {
        string? hint = (step, error) switch
        {
            (BindMount { IsDirectory: true }, Errno.EINVAL or Errno.ENOTDIR) or (BindMount, Errno.EISDIR) =>
                "a directory can only be mounted on a directory, a file only on a file",
            (BindMount { IsDirectory: false }, Errno.EINVAL) =>
                "a directory can only be mounted on a directory, a file only on a file",
            (_, Errno.ELOOP) => "the image has a symbolic link where a directory is needed",
            (SetRlimit, Errno.EPERM) => "this host does not allow to raise the limit",
            _ => null,
        };
        return new(EngineFailed, KindOf(error), $"{step.Action}: {error.Explain()}", hint);
    }

    private static ErrorKind KindOf(Errno error) => error switch
    {
        Errno.ENOENT => ErrorKind.NotFound,
        Errno.EACCES or Errno.EPERM or Errno.EROFS => ErrorKind.PermissionDenied,
        Errno.EINVAL or Errno.ENOTDIR or Errno.ELOOP or Errno.ENAMETOOLONG or Errno.E2BIG => ErrorKind.InvalidArgument,
        Errno.ENOMEM or Errno.ENOSPC or Errno.EMFILE or Errno.ENFILE or Errno.EAGAIN => ErrorKind.ResourceExhausted,
        Errno.ENODEV or Errno.ENOSYS or Errno.EOPNOTSUPP => ErrorKind.NotSupported,
        _ => ErrorKind.FailedPrecondition,
    };
}
