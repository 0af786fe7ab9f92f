// What Debian's libstdc++, libgcc_s and libcrypto ask of glibc and musl lacks, so that .NET's musl build runs on Debian's musl
// package without an Alpine. evidence/run builds it under the name of glibc's loader, which the first two name as a
// dependency. Nothing in here computes: arithmetic comes from .NET and from musl.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <syslog.h>
#include <time.h>

char __libc_single_threaded = 0;
int __cpu_model[4];

int __cpu_indicator_init(void)
{
    return 0;
}

// Destructors of thread-local objects: the process ends soon enough.
int __cxa_thread_atexit_impl(void (*destructor)(void *), void *object, void *library)
{
    return 0;
}

unsigned arc4random(void)
{
    unsigned value;
    getrandom(&value, sizeof value, 0);
    return value;
}

size_t __strftime_l(char *text, size_t size, const char *format, const struct tm *time, locale_t locale)
{
    return strftime_l(text, size, format, time, locale);
}

// Hardened spellings of plain functions, without the hardening.
void *__memcpy_chk(void *to, const void *from, size_t size, size_t room)
{
    return memcpy(to, from, size);
}

void *__memset_chk(void *to, int value, size_t size, size_t room)
{
    return memset(to, value, size);
}

char *__strcat_chk(char *to, const char *from, size_t room)
{
    return strcat(to, from);
}

long __fdelt_chk(long descriptor)
{
    return descriptor / 64;
}

int __vfprintf_chk(FILE *file, int flag, const char *format, va_list values)
{
    return vfprintf(file, format, values);
}

int __fprintf_chk(FILE *file, int flag, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int count = vfprintf(file, format, values);
    va_end(values);
    return count;
}

int __sprintf_chk(char *text, int flag, size_t room, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int count = vsprintf(text, format, values);
    va_end(values);
    return count;
}

void __syslog_chk(int priority, int flag, const char *format, ...)
{
}

// Asynchronous jobs of libcrypto, which .NET doesn't use.
int getcontext(void *context)
{
    return -1;
}

int setcontext(const void *context)
{
    return -1;
}

void makecontext(void *context, void (*function)(void), int count, ...)
{
}

// Where the unwinder finds the frames of the code at an address.
struct query
{
    size_t address;
    struct dl_find_object *found;
};

static int is_it(struct dl_phdr_info *library, size_t size, void *data)
{
    struct query *query = data;
    int holds = 0;
    void *frames = 0;
    for (int i = 0; i < library->dlpi_phnum; i++)
    {
        const ElfW(Phdr) *part = &library->dlpi_phdr[i];
        size_t start = library->dlpi_addr + part->p_vaddr;
        size_t end = start + part->p_memsz;
        if (part->p_type == PT_LOAD && query->address >= start && query->address < end)
        {
            holds = 1;
            query->found->dlfo_map_start = (void *)start;
            query->found->dlfo_map_end = (void *)end;
        }
        else if (part->p_type == PT_GNU_EH_FRAME)
        {
            frames = (void *)start;
        }
    }

    query->found->dlfo_eh_frame = frames;
    return holds && frames;
}

int _dl_find_object(void *address, struct dl_find_object *found)
{
    struct query query = {(size_t)address, found};
    return dl_iterate_phdr(is_it, &query) ? 0 : -1;
}
