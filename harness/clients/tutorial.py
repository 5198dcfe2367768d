"""Runs a tutorial: every line `$ command` of its console blocks, one shell for all, and compares what is printed with what stands
there. `…` stands for anything within a line, a line of it alone for any lines.

usage: KUBECONFIG=… tutorial.py FILE.md (stalemate serve -- tutorial.py FILE.md)
"""
import re, shutil, subprocess, sys, tempfile

END = '--- end of the command ---'


def commands(path):
    """(line, command, expected lines), where a command goes on over lines that end in `\\` and here-documents."""
    found, inside, end = [], False, None
    for number, line in enumerate(open(path, encoding='utf-8').read().split('\n'), 1):
        if line.startswith('```'):
            inside = line == '```console'
        elif inside and end:
            found[-1][1] += '\n' + line
            end = None if line == end else end
        elif inside and line.startswith('$ '):
            found.append([number, line[2:], []])
            here = re.search(r"<<'?(\w+)'?", line)
            end = here and here.group(1)
        elif inside:
            found[-1][2].append(line)
    return found


def pattern(lines):
    text = ''.join('(?:.*\n)*' if line == '…' else '.*'.join(re.escape(part) for part in line.rstrip().split('…')) + ' *\n' for line in lines)
    return re.compile(text)


if not shutil.which('kubectl'):
    print('SKIPPED: there is no kubectl here: run ci/clients')
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    shell = subprocess.Popen(['bash'], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for number, command, expected in commands(sys.argv[1]):
        shell.stdin.write(f"{command}\necho '{END}'\n")
        shell.stdin.flush()
        printed = ''
        while not printed.endswith(END + '\n'):
            line = shell.stdout.readline()
            if not line:
                sys.exit(f'{sys.argv[1]}:{number}: the shell ended after {printed}')
            printed += line
        printed = printed[:-len(END) - 1]
        if not pattern(expected).fullmatch(printed):
            sys.exit(f'{sys.argv[1]}:{number}: $ {command}\nprinted\n{printed}and not\n' + '\n'.join(expected))
print('tutorial: well')
