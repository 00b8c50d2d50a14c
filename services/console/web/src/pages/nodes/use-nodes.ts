import { useQueryClient } from '@tanstack/react-query';
import { useLive } from '../../api/live.tsx';

/** What is shown of nodes is read again as soon as one of them is heard, falls silent or catches up. */
export function useNodeNews(): void {
  const queries = useQueryClient();
  const read = () => void queries.invalidateQueries({ queryKey: ['nodes'] });
  useLive(['node'], read, read);
}
