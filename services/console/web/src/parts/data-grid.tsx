import { useVirtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, type KeyboardEvent, memo, type ReactNode, useCallback, useEffect, useId, useRef, useState } from 'react';
import './data-grid.css';
import { type GridSort, nextSort, rowAfterKey } from './grid-keys.ts';

/** One column. `width` as CSS has it in a grid template, such as `12rem` or `minmax(8rem, 2fr)`. */
export interface GridColumn<T> {
  readonly key: string;
  readonly header: string;
  readonly width: string;
  readonly cell: (row: T) => ReactNode;
  readonly sortable?: boolean;
  readonly end?: boolean;
}

export interface GridProps<T> {
  readonly label: string;
  readonly columns: readonly GridColumn<T>[];
  readonly count: number;
  /** A row by its place; asked only for rows that are seen, so that 100,000 need not be made. */
  readonly row: (index: number) => T;
  readonly rowKey: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  readonly sort?: GridSort | null;
  readonly onSort?: (sort: GridSort) => void;
  readonly rowHeight?: number;
  /** Key of the row that is shown elsewhere on the page. */
  readonly selected?: string | null;
  readonly onActive?: (row: T) => void;
  readonly empty?: ReactNode;
  readonly className?: string;
}

const PAGE_FALLBACK = 10;
const HEAD_HEIGHT = 37;

/**
 * A long table of which only what is seen is drawn. One stop of the tabulator: arrows, page keys, Home and End move the active
 * row, Enter opens it. It fills the height it is given.
 */
export function DataGrid<T>(props: GridProps<T>) {
  const { label, columns, count, row, rowKey, sort = null, onSort, rowHeight = 36, selected = null } = props;
  const id = useId();
  const { scroller, virtual, active, onKeyDown, onFocus, onPress } = useGrid(props, rowHeight);
  const items = virtual.getVirtualItems();
  const seen = items.some(({ index }) => index === active);
  const template = columns.map(({ width }) => width).join(' ');
  return (
    <div
      ref={scroller}
      className={`grid ${props.className ?? ''}`}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={seen ? `${id}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      <GridHead columns={columns} template={template} sort={sort} onSort={onSort} />
      <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const value = row(index);
          const key = rowKey(value);
          return (
            <GridRow
              key={key}
              id={`${id}-${index}`}
              columns={columns as readonly GridColumn<unknown>[]}
              template={template}
              value={value}
              index={index}
              start={start}
              height={rowHeight}
              active={index === active}
              selected={key === selected}
              onPress={onPress}
            />
          );
        })}
      </div>
      {count === 0 ? <div className="grid-empty">{props.empty}</div> : null}
    </div>
  );
}

/** The active row, and what keys and presses do with it. What it gives stays the same, so that rows need not be drawn again. */
function useGrid<T>(props: GridProps<T>, rowHeight: number) {
  const { count } = props;
  const latest = useRef(props);
  latest.current = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // The heading stays at the top and pushes the rows down by so much.
    scrollPaddingEnd: HEAD_HEIGHT,
  });
  useEffect(() => setActive((now) => Math.min(now, count - 1)), [count]);
  const onPress = useCallback((index: number, target: Element) => {
    const { row, onActive, onOpen } = latest.current;
    setActive(index);
    onActive?.(row(index));
    if (!target.closest('a,button,input,label')) onOpen?.(row(index));
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget || count === 0) return;
    if (event.key === 'Enter' && active >= 0) props.onOpen?.(props.row(active));
    else {
      const page = Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD_HEIGHT) / rowHeight);
      const to = rowAfterKey(event.key, active, count, page > 0 ? page : PAGE_FALLBACK);
      if (to === null) return;
      setActive(to);
      virtual.scrollToIndex(to, { align: 'auto' });
      props.onActive?.(props.row(to));
    }
    event.preventDefault();
  };
  const onFocus = (event: FocusEvent) => {
    if (event.target === event.currentTarget && active < 0 && count > 0) setActive(virtual.getVirtualItems()[0]?.index ?? 0);
  };
  return { scroller, virtual, active, onKeyDown, onFocus, onPress };
}

interface HeadProps<T> {
  readonly columns: readonly GridColumn<T>[];
  readonly template: string;
  readonly sort: GridSort | null;
  readonly onSort: ((sort: GridSort) => void) | undefined;
}

function GridHead<T>({ columns, template, sort, onSort }: HeadProps<T>) {
  return (
    <div role="rowgroup" className="grid-head">
      <div role="row" aria-rowindex={1} tabIndex={-1} className="grid-row" style={{ gridTemplateColumns: template }}>
        {columns.map(({ key, header, sortable, end }) => {
          const sorted = sort?.key === key ? (sort.descending ? 'descending' : 'ascending') : undefined;
          const arrow = sorted === undefined ? '' : sorted === 'descending' ? ' ▼' : ' ▲';
          return (
            <div key={key} role="columnheader" tabIndex={-1} aria-sort={sorted} className={end ? 'grid-cell end' : 'grid-cell'}>
              {sortable && onSort ? (
                <button type="button" onClick={() => onSort(nextSort(sort, key))}>
                  {header}
                  <span aria-hidden="true">{arrow}</span>
                </button>
              ) : (
                header
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly columns: readonly GridColumn<unknown>[];
  readonly template: string;
  readonly value: unknown;
  readonly index: number;
  readonly start: number;
  readonly height: number;
  readonly active: boolean;
  readonly selected: boolean;
  readonly onPress: (index: number, target: Element) => void;
}

const GridRow = memo(function GridRow({ id, columns, template, value, index, start, height, active, selected, onPress }: RowProps) {
  return (
    <div
      id={id}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={selected || active}
      className={`grid-row${active ? ' active' : ''}${selected ? ' selected' : ''}`}
      style={{ gridTemplateColumns: template, height, transform: `translateY(${start}px)` }}
      onMouseUp={(event) => {
        if (event.button === 0) onPress(index, event.target as Element);
      }}
    >
      {columns.map(({ key, cell, end }) => (
        <div key={key} role="gridcell" tabIndex={-1} className={end ? 'grid-cell end' : 'grid-cell'}>
          {cell(value)}
        </div>
      ))}
    </div>
  );
});
