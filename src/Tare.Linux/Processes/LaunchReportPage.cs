// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>Owns the page that a launched process shares with its starter until it executes its program.</summary>
internal sealed unsafe class LaunchReportPage : IDisposable
{
    private const int Length = 4096;

    /// <param name="file">at least a page long; lent</param>
    public LaunchReportPage(Fd file)
    {
        void* page = Libc.mmap(null, Length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, file.Raw, 0);
        Libc.Check((nint)page, "mmap");
        Page = (LaunchReport*)page;
    }

    public LaunchReport* Page { get; private set; }

    public LaunchReport Read() => *Page;

    public void Dispose()
    {
        if (Page is not null)
        {
            Libc.munmap(Page, Length);
            Page = null;
        }
    }
}
