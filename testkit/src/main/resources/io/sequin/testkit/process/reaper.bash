# Reads what is to be done when the pipe closes: "kill PID SIGNAL", "spare PID", "remove FOLDER", "keep FOLDER".
trap '' INT TERM HUP
declare -A signals folders
while read -r verb rest; do
  case $verb in
    kill) signals[${rest% *}]=${rest#* } ;;
    spare) unset "signals[$rest]" ;;
    remove) folders[$rest]=yes ;;
    keep) unset "folders[$rest]" ;;
  esac
done
for pid in "${!signals[@]}"; do kill -s "${signals[$pid]}" "$pid"; done 2>/dev/null
for pid in "${!signals[@]}"; do
  for _ in {1..50}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
done
[ ${#folders[@]} -eq 0 ] || rm -rf -- "${!folders[@]}"
